import { createHash } from 'node:crypto'

import type { GuidePrincipal } from '../../platform/access.ts'
import { beijingDay } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { sortByFolder, type FolderOrders } from '../../platform/shelf/folder-orders.ts'
import type { UsageService } from '../sends/usage.service.ts'
import type { QuickReply } from './quick-reply.model.ts'
import type { Audience, QuickReplyRepository } from './quick-reply.repository.ts'

/** A reply with how often it was sent: by this guide, and by the whole corp. */
export type CountedReply = { reply: QuickReply; ownUses: number; teamUses: number }
/** Whose replies one guide may use, and the mark that each of these lists has. */
type Stamped = { audiences: Audience[]; stamps: string[] }
type LibraryDeps = {
  replies: Pick<QuickReplyRepository, 'listAudience'>
  stamps: LibraryStamps
  usage: Pick<UsageService, 'ofGuide' | 'ofTeam'>
  guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }
  folders: Pick<FolderOrders, 'read'>
  clock: Clock
}

const maxKeptAudiences = 1_000
/** How long a recent reading may lag behind what others have changed. */
const recentAgeMs = 3_000

/** The replies of each audience, kept in memory as long as their marks say that they hold. */
export function createReplyLibrary({ replies, stamps, usage, guides, folders, clock }: LibraryDeps) {
  const kept = new Map<string, { stamp: string; replies: Promise<QuickReply[]> }>()
  const recentStamps = createKeptAnswers<Stamped>({ ttlMs: recentAgeMs, now: () => clock.now().getTime() })

  /** The database is asked again only when the audience's stamp differs. */
  function readAudience(audience: Audience, stamp: string): Promise<QuickReply[]> {
    const name = toLibraryName(audience)
    const known = kept.get(name)
    if (known?.stamp === stamp) return known.replies

    const loaded = load(audience)
    kept.delete(name)
    kept.set(name, { stamp, replies: loaded })
    loaded.catch(() => kept.delete(name))
    const oldest = kept.size > maxKeptAudiences ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return loaded
  }

  async function load(audience: Audience): Promise<QuickReply[]> {
    const [all, order] = await Promise.all([
      replies.listAudience(audience),
      audience.scope === 'personal' ? [] : folders.read(audience.corpId, 'replies'),
    ])
    return sortByFolder(all, order)
  }

  /** The corp's, the own store's and the guide's own replies. */
  async function audiencesOf(guide: GuidePrincipal): Promise<Audience[]> {
    const storeId = (await guides.find(guide))?.storeId
    const { corpId } = guide
    return [
      { corpId, scope: 'corp', storeId: '', ownerUserId: '' },
      ...(storeId ? [{ corpId, scope: 'store', storeId, ownerUserId: '' } as const] : []),
      toPersonal(guide),
    ]
  }

  async function readStamps(guide: GuidePrincipal): Promise<Stamped> {
    const audiences = await audiencesOf(guide)
    return { audiences, stamps: await stamps.read(audiences.map(toLibraryName)) }
  }

  /** Every reply of the guide's library, in the library's order. */
  async function readCounted(guide: GuidePrincipal, stamped: Stamped | Promise<Stamped>): Promise<CountedReply[]> {
    const [{ audiences, stamps: marks }, own, team] = await Promise.all([
      stamped,
      usage.ofGuide(guide),
      usage.ofTeam(guide.corpId),
    ])
    const lists = await Promise.all(audiences.map((audience, index) => readAudience(audience, marks[index] ?? '')))
    return lists.flat().map((reply) => {
      const id = reply._id.toHexString()
      return { reply, ownUses: own.get(id) ?? 0, teamUses: team.get(id) ?? 0 }
    })
  }

  return {
    audiencesOf,

    /** Changes when any reply of this guide's library does, and once a day for the counts. Costs one small read. */
    version: async (guide: GuidePrincipal) => toVersion(guide, await readStamps(guide), clock.now()),

    /** As it is now. */
    async read(guide: GuidePrincipal): Promise<{ version: string; replies: CountedReply[] }> {
      const stamped = await readStamps(guide)
      return { version: toVersion(guide, stamped, clock.now()), replies: await readCounted(guide, stamped) }
    },

    /** As it was three seconds ago or later; the guide's own changes in this process are in it. */
    readRecent: (guide: GuidePrincipal): Promise<CountedReply[]> =>
      readCounted(
        guide,
        recentStamps.read(guideKey(guide), () => readStamps(guide)),
      ),

    /** Runs a write of one audience's replies. */
    async changing<T>(audience: Audience, write: () => Promise<T>): Promise<T> {
      try {
        return await stamps.changing(toLibraryName(audience), write)
      } finally {
        const { corpId, ownerUserId } = audience
        if (ownerUserId) recentStamps.forget(guideKey({ corpId, userId: ownerUserId }))
      }
    },
  }
}

export const toPersonal = ({ corpId, userId }: GuidePrincipal) =>
  ({ corpId, scope: 'personal', storeId: '', ownerUserId: userId }) as const satisfies Audience

const guideKey = ({ corpId, userId }: GuidePrincipal) => `${corpId}/${userId}`

export const toLibraryName = ({ corpId, scope, storeId, ownerUserId }: Audience) =>
  `quick-replies/${corpId}/${scope}/${storeId}${ownerUserId}`

function toVersion({ userId }: GuidePrincipal, { audiences, stamps }: Stamped, now: Date): string {
  const facts = [userId, beijingDay(now), ...audiences.map(toLibraryName), ...stamps]
  return createHash('sha256').update(facts.join('\n')).digest('base64url').slice(0, 22)
}
