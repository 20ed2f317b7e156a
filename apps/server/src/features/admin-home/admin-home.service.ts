import type {
  AdminHome,
  AdminView,
  Attention,
  CheckReport,
  HomeFigures,
  Locale,
  SyncProgress,
} from '@guidebar/contracts'

import type { AdminPrincipal, GuidePrincipal } from '../../platform/access.ts'
import { beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { listRights } from '../../platform/rights/ability.ts'

type Count = (corpId: string) => Promise<number>

type Deps = {
  settings: { read(corpId: string): Promise<{ brand: { name: string } }> }
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
  figures: { figures(corpId: string): Promise<HomeFigures>; attention(corpId: string): Promise<Attention[]> }
  doctor: { findings(lang?: Locale): Promise<CheckReport[]> }
  clock: Clock
}

/** What the corp looks like right now, for the admin panel's first page. */
export function createAdminHomeService(deps: Deps) {
  const { settings, guides, relations, tags, quickReplies, cards, sends, orders, sync, callbacks, clock } = deps
  const { figures, doctor } = deps

  return {
    async home(corpId: string, lang?: Locale): Promise<AdminHome> {
      const monthStart = beijingMonthStart(clock.now())
      const [
        { brand },
        people,
        pairs,
        tagCount,
        replyCount,
        cardCount,
        progress,
        events,
        cardsSent,
        sales,
        looked,
        waiting,
        findings,
      ] = await Promise.all([
        settings.read(corpId),
        guides.counts(corpId),
        relations.counts(corpId),
        tags.count(corpId),
        quickReplies.countInCorp(corpId),
        cards.countPublished(corpId),
        sync.progress(corpId),
        callbacks.figures(corpId),
        sends.countCards(corpId, monthStart),
        orders.since(corpId, monthStart),
        figures.figures(corpId),
        figures.attention(corpId),
        doctor.findings(lang),
      ])
      return {
        corpId,
        brand: brand.name,
        ...people,
        ...pairs,
        tags: tagCount,
        quickReplies: replyCount,
        cards: cardCount,
        sync: progress,
        findings,
        attention: waiting,
        figures: looked,
        callbacks: events,
        month: { cardsSent, ...sales },
      }
    },

    async me({ corpId, userId, role, scope, ability, viewerUserId }: AdminPrincipal): Promise<AdminView> {
      const nameOf = async (id: string) => (await guides.find({ corpId, userId: id }))?.name || id
      const viewer = viewerUserId ? { userId: viewerUserId, name: await nameOf(viewerUserId) } : null
      return { userId, name: await nameOf(userId), corpId, role, scope, may: listRights(ability), viewer }
    },
  }
}

export type AdminHomeService = ReturnType<typeof createAdminHomeService>
