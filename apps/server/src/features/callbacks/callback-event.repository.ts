import { randomUUID } from 'node:crypto'

import { trusted, type Connection } from 'mongoose'

import { findTaken } from '../../platform/duplicate-key.ts'
import { callbackEventModel, callbackStates, type CallbackEvent, type CallbackState } from './callback-event.model.ts'

const dayMs = 24 * 3_600_000
/** Days that events are kept: as long as one lies here, the same packet has no second effect. */
export const keptDays = { usual: 7, dead: 30 }
export type KeptDays = { usual: number; dead: number }
/** WeCom hangs up after five seconds; a write that takes longer than this helps nobody, and holds up the next. */
const keepTimeoutMs = 3_000
/** Rows looked through for subjects, and rows taken with them, at a time. */
const most = { seen: 400, taken: 2_000 }

/** Enough to tell which event is whose. */
type Pointer = Pick<CallbackEvent, '_id' | 'corpId' | 'subject'>
/** Events with equal keys are handled in one go. */
export const groupKey = ({ corpId, subject, _id }: Pointer) => `${corpId}/${subject || _id}`

export type DeadLetter = Omit<CallbackEvent, 'body'>
export type Place = { receivedAt: Date; _id: string }

export function createCallbackEventRepository(db: Connection) {
  const events = callbackEventModel(db)

  return {
    /**
     * Keeps events in one write that survives the death of the database. One that is there already is handled once
     * more: two true events of the same second can be equal to the byte, and reading again harms nobody.
     * @throws the driver's error when any event could not be kept
     */
    async keep(rows: CallbackEvent[], now: Date): Promise<void> {
      const taken = await findTaken(() =>
        events.collection.insertMany(rows as never[], { ordered: false, timeoutMS: keepTimeoutMs }),
      )
      if (taken.length === 0) return
      const known = taken.flatMap((index) => rows[index]?._id ?? [])
      // One that still waits and that nobody has begun with needs no second mark.
      const isBegun = [{ state: 'done' as const }, { state: 'waiting' as const, lease: trusted({ $ne: null }) }]
      await events
        .updateMany(
          { _id: trusted({ $in: known }), $or: isBegun },
          { $set: { state: 'waiting', runAt: now, lease: null } },
        )
        .exec()
    },

    /**
     * Takes what is due, the oldest first, and with each event all others about the same subject: one read answers
     * them together. They come back by themselves after `leaseMs` unless they are settled or lengthened.
     * @param isBusy subjects that this process is at already: what is new about them waits until that has ended
     * @returns the events, and whether busy ones were left out
     */
    async claim(input: { subjects: number; now: Date; leaseMs: number; isBusy: (key: string) => boolean }) {
      const { subjects, now, leaseMs, isBusy } = input
      const isDue = { state: 'waiting' as const, runAt: trusted({ $lte: now }) }
      const seen = await events
        .find(isDue, { corpId: 1, subject: 1 })
        .sort({ runAt: 1 })
        .limit(most.seen)
        .lean<Pointer[]>()
        .exec()
      const free = seen.filter((row) => !isBusy(groupKey(row)))
      const wanted = new Map<string, Pointer>()
      for (const row of free) if (wanted.size < subjects) wanted.set(groupKey(row), row)
      const skipped = free.length < seen.length
      if (wanted.size === 0) return { rows: [], skipped }

      const single = [...wanted.values()].filter(({ subject }) => !subject).map(({ _id }) => _id)
      const byCorp = Map.groupBy(
        [...wanted.values()].filter(({ subject }) => subject),
        ({ corpId }) => corpId,
      )
      const ids = [...single]
      for (const [corpId, some] of byCorp) {
        const about = trusted({ $in: some.map(({ subject }) => subject) })
        const rows = await events
          .find({ corpId, subject: about, ...isDue }, { _id: 1 })
          .limit(most.taken)
          .lean<{ _id: string }[]>()
          .exec()
        ids.push(...rows.map(({ _id }) => _id))
      }
      const lease = randomUUID()
      try {
        await events
          .updateMany(
            { _id: trusted({ $in: ids }), ...isDue },
            { $set: { lease, runAt: new Date(now.getTime() + leaseMs) } },
          )
          .exec()
        const rows = await events
          .find({ _id: trusted({ $in: ids }), lease })
          .lean<CallbackEvent[]>()
          .exec()
        return { rows, skipped }
      } catch (error) {
        // Taken or not: nobody knows of them here, so nobody should have to wait for the end of this lease.
        await events
          .updateMany({ _id: trusted({ $in: ids }), lease }, { $set: { lease: null, runAt: now } })
          .exec()
          .catch(() => undefined)
        throw error
      }
    },

    /** Lengthens the lease of events that are still being handled. */
    async renew(rows: CallbackEvent[], until: Date): Promise<void> {
      if (rows.length > 0) await events.updateMany(mineOf(rows), { $set: { runAt: until } }).exec()
    },

    /** Writes down what became of claimed events. One that was claimed by somebody else since, or came again, is left. */
    async settle(rows: CallbackEvent[], outcome: Partial<CallbackEvent>): Promise<void> {
      await events.updateMany(mineOf(rows), { $set: { ...outcome, lease: null } }).exec()
    },

    /** How many events are in one state. */
    count: (corpId: string, state: CallbackState): Promise<number> => events.countDocuments({ corpId, state }).exec(),

    /** How many of each name nobody handles. */
    countUnknown: (corpId: string): Promise<{ name: string; count: number }[]> =>
      events
        .aggregate<{ name: string; count: number }>([
          { $match: { state: 'unknown', corpId } },
          { $group: { _id: '$name', count: { $sum: 1 } } },
          { $project: { _id: 0, name: '$_id', count: 1 } },
          { $sort: { count: -1, name: 1 } },
          { $limit: 50 },
        ])
        .option({ maxTimeMS: 5_000 })
        .exec(),

    /** When the event came that waits longest. */
    oldestWaiting: (corpId: string): Promise<Date | null> => edgeOf({ corpId, state: 'waiting' }, 1),

    findLatest: (corpId: string): Promise<Date | null> =>
      edgeOf({ corpId, state: trusted({ $in: [...callbackStates] }) }, -1),

    /** What the latest handled events of one name say. */
    async listBodies(corpId: string, name: string, since: Date): Promise<string[]> {
      const rows = await events
        .find({ corpId, state: 'done', receivedAt: trusted({ $gte: since }) }, { name: 1, body: 1 })
        .sort({ receivedAt: -1 })
        .limit(most.seen)
        .lean<Pick<CallbackEvent, 'name' | 'body'>[]>()
        .exec()
      return rows.filter((row) => row.name === name).map(({ body }) => body)
    },

    /** Given up events, the newest first, without what they say. @param after the last one of the page before */
    listDead: (corpId: string, limit: number, after?: Place): Promise<DeadLetter[]> =>
      events
        .find(
          {
            corpId,
            state: 'dead',
            ...(after && {
              $or: [
                { receivedAt: trusted({ $lt: after.receivedAt }) },
                { receivedAt: after.receivedAt, _id: trusted({ $lt: after._id }) },
              ],
            }),
          },
          { body: 0 },
        )
        .sort({ receivedAt: -1, _id: -1 })
        .limit(limit)
        .lean<DeadLetter[]>()
        .exec(),

    /** Lets a given up event be handled again from its first try. @returns false when there is no such one */
    async retryDead(corpId: string, _id: string, now: Date): Promise<boolean> {
      const { modifiedCount } = await events
        .updateOne(
          { _id, corpId, state: 'dead' },
          { $set: { state: 'waiting', attempts: 0, putOffs: 0, runAt: now, lease: null } },
        )
        .exec()
      return modifiedCount === 1
    },

    /** Events with a welcome code that nobody has settled, received before `before`. */
    listWelcomes: (before: Date, limit: number): Promise<CallbackEvent[]> =>
      events
        .find({ welcome: 'waiting', receivedAt: trusted({ $lt: before }) })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<CallbackEvent[]>()
        .exec(),

    async settleWelcome(_id: string): Promise<void> {
      await events.updateOne({ _id }, { $set: { welcome: null } }).exec()
    },

    /** Removes what was kept long enough: seven days, dead letters thirty. What waits stays. */
    /** @param daysOf how long a corp keeps its events */
    async sweep(now: Date, daysOf: (corpId: string) => Promise<KeptDays>): Promise<number> {
      let removed = 0
      for (const state of ['done', 'unknown', 'dead'] as const) {
        for (const corpId of await events.distinct('corpId', { state }).exec()) {
          const days = await daysOf(corpId)
          const oldest = new Date(now.getTime() - (state === 'dead' ? days.dead : days.usual) * dayMs)
          const old = { state, corpId, receivedAt: trusted({ $lt: oldest }) }
          removed += (await events.deleteMany(old).exec()).deletedCount
        }
      }
      return removed
    },
  }

  async function edgeOf(filter: object, direction: 1 | -1): Promise<Date | null> {
    const row = await events
      .findOne(filter, { receivedAt: 1 })
      .sort({ receivedAt: direction })
      .lean<{ receivedAt: Date }>()
      .exec()
    return row?.receivedAt ?? null
  }
}

export type CallbackEventRepository = ReturnType<typeof createCallbackEventRepository>

const mineOf = (rows: CallbackEvent[]) => ({
  _id: trusted({ $in: rows.map(({ _id }) => _id) }),
  lease: trusted({ $in: [...new Set(rows.map(({ lease }) => lease ?? ''))] }),
})
