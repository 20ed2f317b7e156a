import type {
  DecidedProposal,
  DecideProposal,
  QuickReplyLibrary,
  QuickReplyView,
  ReplyMarks,
  ReplyProposal,
  ReplyProposalPage,
  SaveQuickReply,
} from '@guidebar/contracts'

import type { MemberKey, GuidePrincipal } from '../../platform/access.ts'
import { beijingDay, beijingMinutes } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { QuickReply } from '../quick-replies/quick-reply.model.ts'
import type { UsageLookups } from '../sends/usage.lookups.ts'
import { daypartOf } from './daypart.ts'
import type { Proposal } from './reply-care.model.ts'
import type { ReplyCareRepository } from './reply-care.repository.ts'

type Deps = {
  care: ReplyCareRepository
  replies: {
    library(guide: GuidePrincipal): Promise<QuickReplyLibrary>
    getForSend(guide: GuidePrincipal, replyId: string): Promise<QuickReply>
    create(guide: GuidePrincipal, input: SaveQuickReply): Promise<QuickReplyView>
    findShared(corpId: string, folder: string, title: string): Promise<boolean>
    setOwnExpiry(guide: GuidePrincipal, replyId: string, expiresOn: string | null): Promise<boolean>
    setSharedExpiry(corpId: string, replyId: string, expiresOn: string | null): Promise<boolean>
    listExpiries(corpId: string, replyIds: string[]): Promise<Record<string, string>>
  }
  /** Makes it everybody's, or a draft of that; safe to repeat. */
  takeIn(by: MemberKey, reply: { id: string; content: SaveQuickReply }): Promise<NonNullable<DecidedProposal['became']>>
  usage: UsageLookups
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  audit: AuditService
  clock: Clock
}

const unusedDays = 90
const daypartDays = 30
const dayMs = 24 * 3_600_000
const usedAgeMs = 5 * 60_000

/** What keeps a library of replies in shape: own order, copies, proposals to everybody, marks of the outdated. */
export function createReplyCareService({ care, replies, takeIn, usage, guides, audit, clock }: Deps) {
  const used = createKeptAnswers<Set<string>>({ ttlMs: usedAgeMs, now: () => clock.now().getTime() })

  async function requireOwn(guide: GuidePrincipal, replyId: string): Promise<QuickReply> {
    const reply = await replies.getForSend(guide, replyId)
    if (reply.scope !== 'personal') throw notFound(replyId)
    return reply
  }

  async function toViews(corpId: string, rows: Proposal[]): Promise<ReplyProposal[]> {
    const names = await guides.names(corpId, [...new Set(rows.map(({ byUserId }) => byUserId))])
    return rows.map(({ _id, replyId, byUserId, folder, title, parts, state, reason, proposedAt }) => ({
      id: _id.toHexString(),
      byName: names.get(byUserId)?.name ?? '',
      replyId,
      folder,
      title,
      parts,
      state,
      reason,
      proposedAt: proposedAt.toISOString(),
    }))
  }

  return {
    /**
     * A reply of the corp or the store becomes one of the guide's own; copied again, the copy is found.
     * @throws AppError QUICK_REPLY_NOT_FOUND, CONFLICT when the guide has too many
     */
    async copy(guide: GuidePrincipal, replyId: string): Promise<QuickReplyView> {
      const [source, library] = await Promise.all([replies.getForSend(guide, replyId), replies.library(guide)])
      const isCopy = (view: QuickReplyView) =>
        view.scope === 'personal' && view.title === source.title && view.folder === source.folder
      const known = library.replies.find(isCopy)
      if (known) return known
      const { folder, title, parts } = source
      // A short code stands for one reply, so the copy has none.
      return replies.create(guide, { folder, title, shortcut: '', parts })
    },

    /** Waits for one decision however often it is asked. @throws AppError QUICK_REPLY_NOT_FOUND unless it is the guide's own */
    async propose(guide: GuidePrincipal, replyId: string): Promise<ReplyProposal> {
      const { folder, title, parts } = await requireOwn(guide, replyId)
      const { corpId, userId } = guide
      const row = { corpId, replyId, byUserId: userId, folder, title, parts, state: 'proposed' as const, reason: '' }
      const proposal = await care.insertOnce({ ...row, proposedAt: clock.now(), decidedBy: null, decidedAt: null })
      return (await toViews(corpId, [proposal]))[0] as ReplyProposal
    },

    /** The oldest first. */
    async listWaiting({ corpId }: MemberKey, query: { before?: string; limit: number }): Promise<ReplyProposalPage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      const after = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const rows = await care.listWaiting(corpId, { after, limit: query.limit + 1 })
      const page = toPage(rows, query.limit, (last) => toCursor(last.proposedAt.getTime(), last._id.toHexString()))
      return { proposals: await toViews(corpId, page.rows), next: page.next }
    },

    /**
     * The same decision again changes nothing. What is accepted is published, or a draft as the desk's rules want it.
     * @throws AppError NOT_FOUND, CONFLICT when it is decided otherwise or the corp has a reply of that name
     */
    async decide(admin: MemberKey, id: string, { accept, reason = '' }: DecideProposal): Promise<DecidedProposal> {
      const { corpId, userId } = admin
      const state = accept ? ('accepted' as const) : ('refused' as const)
      const waiting = await care.find(corpId, id)
      if (!waiting) throw new AppError('NOT_FOUND', 'no such proposal')
      if (!accept && reason.trim() === '')
        throw new AppError('BAD_REQUEST', 'the guide is told why', { at: '/body/reason' })
      if (accept && waiting.state === 'proposed' && (await replies.findShared(corpId, waiting.folder, waiting.title)))
        throw new AppError('CONFLICT', 'the corp has a reply of that name already')
      const decision = { state, reason: accept ? '' : reason.trim(), decidedBy: userId, decidedAt: clock.now() }
      const decided = (await care.decide(corpId, id, decision)) ?? (await care.find(corpId, id))
      if (decided?.state !== state) throw new AppError('CONFLICT', 'it was decided otherwise')
      await audit.note(
        { corpId, userId },
        { key: id, action: 'reply.proposal-decided', target: id, details: { accept } },
      )
      const { folder, title, parts } = decided
      // Also on a repeat: the first one may have died before this.
      const became = accept ? await takeIn(admin, { id, content: { folder, title, shortcut: '', parts } }) : null
      return { ...((await toViews(corpId, [decided]))[0] as ReplyProposal), became }
    },

    /** @throws AppError QUICK_REPLY_NOT_FOUND when one of them is not the guide's own */
    async order(guide: GuidePrincipal, replyIds: string[]): Promise<void> {
      const { replies: all } = await replies.library(guide)
      const own = new Set(all.filter(({ scope }) => scope === 'personal').map(({ id }) => id))
      const stranger = replyIds.find((id) => !own.has(id))
      if (stranger) throw notFound(stranger)
      await care.saveOrder(guide, replyIds)
    },

    /** @throws AppError QUICK_REPLY_NOT_FOUND unless it is the guide's own, BAD_REQUEST */
    async setOwnExpiry(guide: GuidePrincipal, replyId: string, expiresOn: string | null): Promise<void> {
      checkDay(expiresOn)
      if (!(await replies.setOwnExpiry(guide, replyId, expiresOn))) throw notFound(replyId)
    },

    /** @throws AppError QUICK_REPLY_NOT_FOUND unless it is the corp's for everybody, BAD_REQUEST */
    async setSharedExpiry({ corpId }: { corpId: string }, replyId: string, expiresOn: string | null): Promise<void> {
      checkDay(expiresOn)
      if (!(await replies.setSharedExpiry(corpId, replyId, expiresOn))) throw notFound(replyId)
    },

    async marks(guide: GuidePrincipal): Promise<ReplyMarks> {
      const now = clock.now()
      const { corpId } = guide
      const { daypart, hours } = daypartOf(Math.floor(beijingMinutes(now) / 60))
      const since = new Date(now.getTime() - daypartDays * dayMs)
      const oldest = new Date(now.getTime() - unusedDays * dayMs)
      const library = await replies.library(guide)
      const known = new Set(library.replies.map(({ id }) => id))
      const [order, usedNow, usedLately, expiries, proposals] = await Promise.all([
        care.readOrder(guide),
        usage.repliesInHours(guide, { since, hours }),
        used.read(corpId, () => usage.usedSince(corpId, beijingDay(now, unusedDays))),
        replies.listExpiries(corpId, [...known]),
        care.listOf(guide),
      ])
      const today = beijingDay(now)
      const latest = new Map(proposals.toReversed().map((proposal) => [proposal.replyId, proposal]))
      return {
        daypart,
        order: order.filter((id) => known.has(id)),
        usedNow: Object.fromEntries(Object.entries(usedNow).filter(([id]) => known.has(id))),
        unused: [...known].filter((id) => !usedLately.has(id) && createdAt(id) < oldest),
        expiries,
        expired: Object.keys(expiries).filter((id) => (expiries[id] ?? '') < today),
        proposals: [...latest.values()].map(({ replyId, state, reason }) => ({ replyId, state, reason })),
      }
    },
  }
}

export type ReplyCareService = ReturnType<typeof createReplyCareService>

/** An id of MongoDB's begins with the second it was made in. */
const createdAt = (id: string) => new Date(Number.parseInt(id.slice(0, 8), 16) * 1_000)

function checkDay(day: string | null): void {
  if (day !== null && Number.isNaN(Date.parse(`${day}T00:00:00Z`)))
    throw new AppError('BAD_REQUEST', 'no such day', { at: '/expiresOn' })
}

const notFound = (replyId: string) =>
  new AppError('QUICK_REPLY_NOT_FOUND', `no reply ${replyId} that may be changed so`)
