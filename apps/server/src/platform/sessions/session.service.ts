import { createHash, randomBytes } from 'node:crypto'

import { trusted, type Connection } from 'mongoose'

import type { Clock } from '../deps.ts'
import { sessionModel, type Session, type SessionKind } from './session.model.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const sessionLives = {
  guide: { idleMs: 8 * hourMs, absoluteMs: 7 * 24 * hourMs },
  admin: { idleMs: 30 * minuteMs, absoluteMs: 12 * hourMs },
} as const

/** `lastSeenAt` is written at most this often: a write for every request would cost more than the requests. */
const touchEveryMs = minuteMs

export type MemberKey = { corpId: string; userId: string }
/** Whether this member may come in now, and since which epoch; null when nobody knows him. */
type MemberCheck = (kind: SessionKind, key: MemberKey) => Promise<{ epoch: number } | null>

const hashOf = (id: string) => createHash('sha256').update(id).digest('hex')
const isId = (id: string) => /^[A-Za-z0-9_-]{43}$/.test(id)

/** Sessions live in the database, so that they can be ended from outside the browser. */
export function createSessionService({
  db,
  clock,
  checkMember,
}: {
  db: Connection
  clock: Clock
  checkMember: MemberCheck
}) {
  const sessions = sessionModel(db)

  const endsAt = (kind: SessionKind, createdAt: Date, seenAt: Date) => {
    const { idleMs, absoluteMs } = sessionLives[kind]
    return new Date(Math.min(seenAt.getTime() + idleMs, createdAt.getTime() + absoluteMs))
  }

  return {
    /** Begins a session under a new id, whatever id the browser had before. @returns the id for the cookie */
    async begin(kind: SessionKind, member: MemberKey, epoch: number): Promise<string> {
      const id = randomBytes(32).toString('base64url')
      const now = clock.now()
      await sessions.create({
        _id: hashOf(id),
        kind,
        ...member,
        ref: randomBytes(12).toString('base64url'),
        epoch,
        viewAs: '',
        createdAt: now,
        lastSeenAt: now,
        endsAt: endsAt(kind, now, now),
      })
      return id
    },

    /**
     * @param options `attended: false` for a call that nobody made by hand: it does not put off the end
     * @returns the living session of this cookie, or null: unknown, ended, or its member may not come in any more
     */
    async find(kind: SessionKind, id: string | undefined, { attended = true } = {}): Promise<Session | null> {
      if (!id || !isId(id)) return null
      const now = clock.now()
      const session = await sessions
        .findOne({ _id: hashOf(id), kind, endsAt: trusted({ $gt: now }) })
        .lean<Session>()
        .exec()
      if (!session) return null

      const member = await checkMember(kind, session)
      if (!member || member.epoch !== session.epoch) return null

      if (attended && now.getTime() - session.lastSeenAt.getTime() >= touchEveryMs)
        await sessions
          .updateOne({ _id: session._id }, { $set: { lastSeenAt: now, endsAt: endsAt(kind, session.createdAt, now) } })
          .exec()
      return session
    },

    /** Looks at the panel as another admin sees it, or as oneself again when `userId` is empty. */
    async viewAs(session: Session, userId: string): Promise<void> {
      await sessions.updateOne({ _id: session._id }, { $set: { viewAs: userId } }).exec()
    },

    /** Ends the session of this cookie; one that is not there is ended already. */
    async end(id: string | undefined): Promise<void> {
      if (id && isId(id)) await sessions.deleteOne({ _id: hashOf(id) }).exec()
    },

    /** Removes what has ended: the embedded engine keeps no TTL. */
    async sweep(): Promise<number> {
      return (await sessions.deleteMany({ endsAt: trusted({ $lte: clock.now() }) }).exec()).deletedCount
    },
  }
}

export type SessionService = ReturnType<typeof createSessionService>
