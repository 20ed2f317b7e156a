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
import { scope, type Scope } from '../../platform/rights/scope.ts'

/** More names than this do not fit under the heading. */
const mostNamed = 20

type Deps = {
  settings: { read(corpId: string): Promise<{ brand: { name: string } }> }
  guides: { find(guide: GuidePrincipal): Promise<{ name: string } | null> }
  stores: {
    counts(within: Scope): Promise<{ guides: number; stores: number }>
    names(corpId: string, storeIds: string[]): Promise<Map<string, string>>
  }
  relations: { counts(corpId: string): Promise<{ customers: number; relations: number }> }
  relationFigures: { counts(within: Scope): Promise<{ customers: number; relations: number }> }
  tags: { count(corpId: string): Promise<number> }
  quickReplies: { countWithin(within: Scope): Promise<number> }
  cards: { countWithin(within: Scope): Promise<number> }
  sends: { countCards(within: Scope, since: Date): Promise<number> }
  orders: { since(within: Scope, since: Date): Promise<{ orders: number; amountFen: number }> }
  sync: { progress(corpId: string): Promise<SyncProgress> }
  callbacks: { figures(corpId: string): Promise<{ waiting: number; lastAt: string | null }> }
  figures: { figures(within: Scope): Promise<HomeFigures>; attention(within: Scope): Promise<Attention[]> }
  doctor: { findings(lang?: Locale): Promise<CheckReport[]> }
  clock: Clock
}

/** What the corp looks like right now, for the admin panel's first page. */
export function createAdminHomeService(deps: Deps) {
  const { settings, guides, stores, relations, relationFigures, tags, quickReplies, cards, sends, orders } = deps
  const { sync, callbacks, figures, doctor, clock } = deps

  /** How the corp is connected: for those who see all of it. */
  async function connectionOf(corpId: string, lang?: Locale): Promise<AdminHome['connection']> {
    const [progress, events, findings] = await Promise.all([
      sync.progress(corpId),
      callbacks.figures(corpId),
      doctor.findings(lang),
    ])
    return { sync: progress, callbacks: events, findings }
  }

  return {
    /** Every figure is of what this admin sees. */
    async home(admin: AdminPrincipal, lang?: Locale): Promise<AdminHome> {
      const within = scope(admin)
      const { corpId } = within
      const monthStart = beijingMonthStart(clock.now())
      const [{ brand }, people, pairs, tagCount, replyCount, cardCount, connection, cardsSent, sales, looked, waiting] =
        await Promise.all([
          settings.read(corpId),
          stores.counts(within),
          within.isAll ? relations.counts(corpId) : relationFigures.counts(within),
          tags.count(corpId),
          quickReplies.countWithin(within),
          cards.countWithin(within),
          within.isAll ? connectionOf(corpId, lang) : null,
          sends.countCards(within, monthStart),
          orders.since(within, monthStart),
          figures.figures(within),
          figures.attention(within),
        ])
      const names = within.isAll ? [] : [...(await stores.names(corpId, within.storeIds ?? [])).values()]
      return {
        corpId,
        brand: brand.name,
        of: names.toSorted((a, b) => a.localeCompare(b, 'zh')).slice(0, mostNamed),
        ...people,
        ...pairs,
        tags: tagCount,
        quickReplies: replyCount,
        cards: cardCount,
        connection,
        attention: waiting,
        figures: looked,
        month: { cardsSent, ...sales },
      }
    },

    async me({ corpId, userId, role, scope: reaches, ability, viewerUserId }: AdminPrincipal): Promise<AdminView> {
      const nameOf = async (id: string) => (await guides.find({ corpId, userId: id }))?.name || id
      const viewer = viewerUserId ? { userId: viewerUserId, name: await nameOf(viewerUserId) } : null
      return { userId, name: await nameOf(userId), corpId, role, scope: reaches, may: listRights(ability), viewer }
    },
  }
}

export type AdminHomeService = ReturnType<typeof createAdminHomeService>
