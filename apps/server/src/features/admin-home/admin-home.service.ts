import type { AdminHome, AdminView, SyncProgress } from '@guidebar/contracts'

import type { AdminPrincipal, GuidePrincipal } from '../../platform/access.ts'
import { beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { listRights } from '../../platform/rights/ability.ts'

type Count = (corpId: string) => Promise<number>

type Deps = {
  brand: string
  guides: {
    counts(corpId: string): Promise<{ guides: number; stores: number }>
    find(guide: GuidePrincipal): Promise<{ name: string } | null>
  }
  relations: { counts(corpId: string): Promise<{ customers: number; relations: number }> }
  tags: { count: Count }
  quickReplies: { countInCorp: Count }
  cards: { countPublished: Count }
  sends: { countCards(corpId: string, since: Date): Promise<number> }
  orders: { since(corpId: string, since: Date): Promise<{ orders: number; amountFen: number }> }
  sync: { progress(corpId: string): Promise<SyncProgress> }
  callbacks: { figures(corpId: string): Promise<{ waiting: number; lastAt: string | null }> }
  clock: Clock
}

/** What the corp looks like right now, for the admin panel's first page. */
export function createAdminHomeService(deps: Deps) {
  const { brand, guides, relations, tags, quickReplies, cards, sends, orders, sync, callbacks, clock } = deps

  return {
    async home(corpId: string): Promise<AdminHome> {
      const monthStart = beijingMonthStart(clock.now())
      const [people, pairs, tagCount, replyCount, cardCount, progress, events, cardsSent, sales] = await Promise.all([
        guides.counts(corpId),
        relations.counts(corpId),
        tags.count(corpId),
        quickReplies.countInCorp(corpId),
        cards.countPublished(corpId),
        sync.progress(corpId),
        callbacks.figures(corpId),
        sends.countCards(corpId, monthStart),
        orders.since(corpId, monthStart),
      ])
      return {
        corpId,
        brand,
        ...people,
        ...pairs,
        tags: tagCount,
        quickReplies: replyCount,
        cards: cardCount,
        sync: progress,
        callbacks: events,
        month: { cardsSent, ...sales },
      }
    },

    async me({ corpId, userId, role, scope, ability }: AdminPrincipal): Promise<AdminView> {
      const member = await guides.find({ corpId, userId })
      return { userId, name: member?.name || userId, corpId, role, scope, may: listRights(ability) }
    },
  }
}

export type AdminHomeService = ReturnType<typeof createAdminHomeService>
