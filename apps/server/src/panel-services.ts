import type { PlatformDeps } from './platform/deps.ts'
import type { Effects } from './platform/effects/effects.ts'
import type { Jobs } from './platform/jobs/jobs.ts'
import type { LibraryStamps } from './platform/library-stamp.ts'
import { createCan } from './platform/permissions.ts'
import type { RightsService } from './platform/rights/rights.service.ts'
import type { FolderOrders } from './platform/shelf/folder-orders.ts'
import { createStoreOf } from './platform/shelf/store-of.ts'
import { createArticleRepository } from './features/articles/article.repository.ts'
import { createArticleService } from './features/articles/article.service.ts'
import { createRedirectService } from './features/articles/redirect.service.ts'
import type { AuditService } from './platform/audit/audit.service.ts'
import { createCardSuggestionService } from './features/card-suggestions/card-suggestion.service.ts'
import { createContactRulesRepository } from './features/contact-rules/contact-rules.repository.ts'
import { createContactRulesService } from './features/contact-rules/contact-rules.service.ts'
import { createProfileRepository } from './features/customer-profiles/profile.repository.ts'
import { createProfileService } from './features/customer-profiles/profile.service.ts'
import { createGroupRepository } from './features/group-chats/group.repository.ts'
import { createGroupService } from './features/group-chats/group.service.ts'
import { createGuideNotices } from './features/guide-notices/guide-notice.service.ts'
import { createGuidePreferenceService } from './features/guide-preferences/guide-preference.service.ts'
import { createTaskRepository } from './features/guide-tasks/task.repository.ts'
import { createTaskService } from './features/guide-tasks/task.service.ts'
import { createStoreReader } from './features/guides/store.reader.ts'
import { createOpenedNotices } from './features/guide-notices/opened-notices.service.ts'
import type { GuideService } from './features/guides/guide.service.ts'
import { createItemRequestRepository } from './features/item-requests/item-request.repository.ts'
import { createItemRequestService } from './features/item-requests/item-request.service.ts'
import { createKnowledgeRepository } from './features/knowledge/knowledge.repository.ts'
import { createKnowledgeService } from './features/knowledge/knowledge.service.ts'
import type { CardService } from './features/mini-program-cards/card.service.ts'
import type { QuickReplyService } from './features/quick-replies/quick-reply.service.ts'
import { createActionRepository } from './features/next-actions/action.repository.ts'
import { createActionService } from './features/next-actions/action.service.ts'
import { createFollowUpRepository } from './features/notes/follow-up.repository.ts'
import { createFollowUpService } from './features/notes/follow-up.service.ts'
import { createNoteRepository } from './features/notes/note.repository.ts'
import { createNoteService } from './features/notes/note.service.ts'
import { createOrderLookups } from './features/orders/order.lookups.ts'
import type { ContentService } from './features/content/content.service.ts'
import { createCustomerReader } from './features/relations/customer.reader.ts'
import type { RelationService } from './features/relations/relation.service.ts'
import { createReplyCareRepository } from './features/reply-care/reply-care.repository.ts'
import { createReplyCareService } from './features/reply-care/reply-care.service.ts'
import { createResultsService } from './features/results/results.service.ts'
import { createStockRepository } from './features/stock/stock.repository.ts'
import { createStockService } from './features/stock/stock.service.ts'
import type { SendExtras } from './features/sends/send.extras.ts'
import { createSendLookups } from './features/sends/send.lookups.ts'
import { createUsageLookups } from './features/sends/usage.lookups.ts'
import type { TagService } from './features/tags/tag.service.ts'
import { createTagCareService } from './features/tag-care/tag-care.service.ts'
import { createTagVerdictRepository } from './features/tag-care/tag-verdict.repository.ts'
import { createTimelineRepository } from './features/timeline/timeline.repository.ts'
import { createTimelineService } from './features/timeline/timeline.service.ts'
import { createTimelineSources } from './features/timeline/timeline.sources.ts'

type Deps = PlatformDeps & {
  jobs: Jobs
  audit: AuditService
  effects: Effects
  rights: RightsService
  stamps: LibraryStamps
  folders: FolderOrders
  guides: GuideService
  relations: RelationService
  tags: TagService
  cards: CardService
  quickReplies: QuickReplyService
  content: ContentService
  /** Told which customers are no longer as they were. */
  changed: (corpId: string, externalUserIds: string[]) => Promise<void>
}

const everyMinute = '* * * * *'

/** What the panel offers beyond replies and cards. */
export function createPanelServices(deps: Deps) {
  const {
    db,
    corps,
    config,
    clock,
    jobs,
    audit,
    effects,
    rights,
    guides,
    relations,
    tags,
    cards,
    quickReplies,
    content,
    stamps,
    changed,
    folders,
  } = deps
  const can = createCan(rights)
  const storeOf = createStoreOf(guides)
  const customers = createCustomerReader(db)
  const sendLookups = createSendLookups(db)
  const orderLookups = createOrderLookups(db)
  const preferences = createGuidePreferenceService({ db, clock })
  const notices = createGuideNotices({ effects, corps, languageOf: preferences.languageOf, clock })

  const events = createTimelineRepository(db)
  const sources = createTimelineSources({ events, relations, sends: sendLookups, orders: orderLookups })
  const timeline = createTimelineService({ events, sources, relations, guides, tags })
  const followUps = createFollowUpService({
    followUps: createFollowUpRepository(db),
    relations,
    customers,
    timeline,
    notify: notices.notify,
    // The day is put together by the actions, which look at the follow-ups.
    onChanged: (guide) => actions.forgetDay(guide),
    clock,
  })
  const noteRepository = createNoteRepository(db)
  const notes = createNoteService({
    notes: noteRepository,
    followUps,
    relations,
    guides,
    timeline,
    audit,
    can,
    clock,
  })
  const covers = async (corpId: string) => {
    const published = await cards.listFor(corpId, '')
    return new Map(published.filter(({ sku }) => sku).map(({ sku, coverUrl }) => [sku, coverUrl]))
  }
  const profiles = createProfileService({
    profiles: createProfileRepository(db),
    orders: orderLookups,
    relations,
    covers,
    changed,
    timeline,
    audit,
    clock,
  })

  const contactRules = createContactRulesService({
    rules: createContactRulesRepository(db),
    sends: sendLookups,
    profiles,
    audit,
    clock,
  })
  const knowledge = createKnowledgeService({
    articles: createKnowledgeRepository(db),
    stamps,
    folders,
    storeOf,
    audit,
    clock,
  })
  const articles = createArticleService({
    articles: createArticleRepository(db),
    stamps,
    profiles,
    storeOf,
    audit,
    publicUrl: config.publicUrl,
    clock,
  })
  const groups = createGroupService({ groups: createGroupRepository(db), guides, corps, clock })
  const stores = createStoreReader(db)
  const tasks = createTaskService({
    tasks: createTaskRepository(db),
    stores,
    customers,
    async contentStore(corpId, content) {
      if (content.type === 'card') return cards.storeOfCard(corpId, content.cardId)
      if (content.type === 'reply') return quickReplies.storeOfShared(corpId, content.replyId)
      return articles.storeOfArticle(corpId, content.articleId)
    },
    audit,
    clock,
  })

  const actions = createActionService({
    actions: createActionRepository(db),
    relations,
    customers,
    profiles,
    followUps,
    orders: orderLookups,
    sends: sendLookups,
    tags,
    cards,
    replies: quickReplies,
    audit,
    clock,
  })
  const tagCare = createTagCareService({
    verdicts: createTagVerdictRepository(db),
    relations,
    customers,
    guides,
    tags,
    orders: orderLookups,
    profiles,
    chipsOf: noteRepository.listChips,
    actions,
    corps,
    audit,
    can,
    clock,
  })
  const stock = createStockService({ stock: createStockRepository(db), stamps, stores, guides, clock })
  const itemRequests = createItemRequestService({ requests: createItemRequestRepository(db), guides, relations, clock })
  const cardSuggestions = createCardSuggestionService({
    cards,
    rules: actions.rules,
    sends: sendLookups,
    orders: orderLookups,
    relations,
    groups,
    tags,
    clock,
  })
  const results = createResultsService({ sends: sendLookups, orders: orderLookups, clock })

  const replyCare = createReplyCareService({
    care: createReplyCareRepository(db),
    replies: quickReplies,
    takeIn: content.takeIn,
    usage: createUsageLookups(db),
    guides,
    audit,
    clock,
  })
  const openedNotices = createOpenedNotices({ sends: sendLookups, customers, groupName: groups.nameOf, notices })

  const sendExtras: SendExtras = {
    async requireGroup(guide, chatId) {
      await groups.requireMember(guide, chatId)
    },
    beforeSend: async (guide, { externalUserId }, request) =>
      externalUserId === null ? [] : contactRules.check(guide, externalUserId, request),
    async afterSent(guide, { _id, externalUserId, contentRef, outcomeAt, createdAt }) {
      if (!externalUserId || !contentRef) return
      const sendId = _id.toHexString()
      await tasks.noteSent(guide, { externalUserId, contentRef, sendId, at: outcomeAt ?? createdAt })
      await actions.noteSent(guide, externalUserId, contentRef)
    },
  }
  /** Openings are kept by the sends, which come after us. */
  const redirectsWith = (markOpened: Parameters<typeof createRedirectService>[0]['markOpened']) =>
    createRedirectService({ corps, sends: sendLookups, profiles, markOpened, clock })

  jobs.define('follow-up-reminders', { handler: () => followUps.remindDue(), concurrency: 1 })
  jobs.schedule('follow-up-reminders', everyMinute)

  jobs.define('opened-notices', { handler: () => openedNotices.tellOpened(), concurrency: 1 })
  jobs.schedule('opened-notices', everyMinute)

  const ofCustomers = {
    actions,
    preferences,
    tagCare,
    cardSuggestions,
    stock,
    itemRequests,
    results,
    replyCare,
    openedNotices,
  }
  return {
    ...ofCustomers,
    timeline,
    followUps,
    notes,
    profiles,
    contactRules,
    knowledge,
    articles,
    redirectsWith,
    groups,
    tasks,
    sendExtras,
  }
}

export type PanelServices = ReturnType<typeof createPanelServices>
