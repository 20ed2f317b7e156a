import type { FastifyInstance } from 'fastify'

import { articleAdminRoutes, articleRoutes, redirectRoutes } from './features/articles/article.routes.ts'
import { cardSuggestionRoutes } from './features/card-suggestions/card-suggestion.routes.ts'
import { contactRulesRoutes } from './features/contact-rules/contact-rules.routes.ts'
import { profileIntakeRoutes, profileRoutes } from './features/customer-profiles/profile.routes.ts'
import { guidePreferenceRoutes } from './features/guide-preferences/guide-preference.routes.ts'
import { taskAdminRoutes, taskRoutes } from './features/guide-tasks/task.routes.ts'
import { itemRequestAdminRoutes, itemRequestRoutes } from './features/item-requests/item-request.routes.ts'
import { knowledgeAdminRoutes, knowledgeRoutes } from './features/knowledge/knowledge.routes.ts'
import { actionAdminRoutes, actionRoutes } from './features/next-actions/action.routes.ts'
import { noteRoutes } from './features/notes/note.routes.ts'
import { replyCareAdminRoutes, replyCareRoutes } from './features/reply-care/reply-care.routes.ts'
import { resultsRoutes } from './features/results/results.routes.ts'
import { stockIntakeRoutes, stockRoutes } from './features/stock/stock.routes.ts'
import { tagCareRoutes } from './features/tag-care/tag-care.routes.ts'
import { timelineRoutes } from './features/timeline/timeline.routes.ts'
import type { Services } from './services.ts'

/** What the panel offers beyond replies and cards: its own calls, the admin's and the firm's. */
export async function registerPanelRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { panel, idempotency } = services
  const sidebarApi = { prefix: '/api/sidebar' }
  await app.register(timelineRoutes, { ...sidebarApi, timeline: panel.timeline })
  await app.register(noteRoutes, { ...sidebarApi, notes: panel.notes, followUps: panel.followUps })
  await app.register(profileRoutes, { ...sidebarApi, profiles: panel.profiles })

  await app.register(guidePreferenceRoutes, { ...sidebarApi, preferences: panel.preferences })
  await app.register(tagCareRoutes, { ...sidebarApi, tagCare: panel.tagCare })
  await app.register(knowledgeRoutes, { ...sidebarApi, knowledge: panel.knowledge })
  await app.register(articleRoutes, { ...sidebarApi, articles: panel.articles })
  await app.register(taskRoutes, { ...sidebarApi, tasks: panel.tasks })
  await app.register(actionRoutes, { ...sidebarApi, actions: panel.actions })
  await app.register(cardSuggestionRoutes, { ...sidebarApi, suggestions: panel.cardSuggestions })
  await app.register(stockRoutes, { ...sidebarApi, stock: panel.stock })
  await app.register(itemRequestRoutes, { ...sidebarApi, itemRequests: panel.itemRequests })
  await app.register(resultsRoutes, { ...sidebarApi, results: panel.results })
  await app.register(replyCareRoutes, { ...sidebarApi, replyCare: panel.replyCare })

  const adminApi = { prefix: '/api/admin' }
  const { requireNoReview } = services.desk.content
  await app.register(contactRulesRoutes, { ...adminApi, contactRules: panel.contactRules })
  await app.register(knowledgeAdminRoutes, { ...adminApi, knowledge: panel.knowledge, requireNoReview })
  await app.register(articleAdminRoutes, { ...adminApi, articles: panel.articles, requireNoReview })
  await app.register(taskAdminRoutes, { ...adminApi, tasks: panel.tasks })
  await app.register(actionAdminRoutes, { ...adminApi, actions: panel.actions })
  await app.register(itemRequestAdminRoutes, { ...adminApi, itemRequests: panel.itemRequests })
  await app.register(replyCareAdminRoutes, { ...adminApi, replyCare: panel.replyCare })

  const openApi = { prefix: '/open/v1' }
  await app.register(profileIntakeRoutes, { ...openApi, profiles: panel.profiles, idempotency })
  await app.register(stockIntakeRoutes, { ...openApi, stock: panel.stock, idempotency })

  await app.register(redirectRoutes, { redirects: services.redirects })
}
