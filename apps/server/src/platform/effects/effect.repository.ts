import type { Connection, mongo } from 'mongoose'

import { upsertTwice } from '../duplicate-key.ts'
import type { JobFailure } from '../jobs/job.model.ts'
import { effectModel, type EffectRow, type EffectState } from './effect.model.ts'

/** An effect with its moments counted from now. */
export type Effect = EffectRow & { sentMsAgo: number | null; lookInMs: number | null }

/** What is written about an effect by whoever holds its fence. */
export type EffectChange =
  | { state: 'done' | 'adopted'; result: unknown }
  | { state: 'failed'; failure: JobFailure }
  | { state: 'planned' | 'retried'; failure?: JobFailure }
  | { state: 'unknown'; failure?: JobFailure; looks: number; lookInMs: number }
  | { state: 'unknown'; failure?: JobFailure; isGivenUp: true }

const maxTimeMS = 5_000

/** @param offsetMs how far our clock stands from the machine's: nothing but in tests that move time on */
export function createEffectRepository(
  db: Connection,
  { keepMs, offsetMs }: { keepMs: number; offsetMs: () => number },
) {
  const effects = effectModel(db).collection as unknown as mongo.Collection<EffectRow>

  const inMs = (ms: number) => ({ $add: ['$$NOW', Math.round(offsetMs() + ms)] })
  const sinceNow = () => ({
    sentMsAgo: { $subtract: [inMs(0), '$sentAt'] },
    lookInMs: { $subtract: ['$lookAfter', inMs(0)] },
  })

  function toFields(change: EffectChange) {
    const isSettled =
      change.state === 'unknown' ? 'isGivenUp' in change : !['planned', 'retried'].includes(change.state)
    const failure = 'failure' in change && change.failure
    const lookUp = 'looks' in change && { looks: change.looks, lookAfter: inMs(change.lookInMs) }
    return {
      state: change.state,
      ...('result' in change && { result: { $literal: change.result ?? null }, failure: '$$REMOVE' }),
      ...(failure && { failure: { $literal: failure } }),
      ...(lookUp || { lookAfter: '$$REMOVE' }),
      ...(isSettled && { settledAt: inMs(0), expiresAt: inMs(keepMs) }),
    }
  }

  return {
    /** Notes effects that are to happen; those that are known already stay as they are. */
    async plan(keys: string[]): Promise<void> {
      const fields = {
        state: { $ifNull: ['$state', 'planned'] },
        fence: { $ifNull: ['$fence', 0] },
        looks: { $ifNull: ['$looks', 0] },
        plannedAt: { $ifNull: ['$plannedAt', inMs(0)] },
      }
      const operations = keys.map((_id) => ({
        updateOne: { filter: { _id }, update: [{ $set: fields }], upsert: true },
      }))
      if (operations.length > 0) await effects.bulkWrite(operations, { ordered: false })
    },

    /** Moves an effect to `sending` in our name, unless it is past that. @returns it as it is then, on disk */
    async begin(_id: string, sender: string): Promise<Effect> {
      const maySend = { $in: [{ $ifNull: ['$state', 'planned'] }, ['planned', 'retried']] }
      const ifMay = (then: unknown, otherwise: unknown) => ({ $cond: [maySend, then, otherwise] })
      const fields = {
        state: ifMay('sending', '$state'),
        fence: ifMay({ $add: [{ $ifNull: ['$fence', 0] }, 1] }, '$fence'),
        sender: ifMay({ $literal: sender }, '$sender'),
        sentAt: ifMay(inMs(0), '$sentAt'),
        looks: ifMay(0, '$looks'),
        plannedAt: { $ifNull: ['$plannedAt', inMs(0)] },
      }
      const projection = { state: 1, fence: 1, sender: 1, sentAt: 1, result: 1, failure: 1, looks: 1, settledAt: 1 }
      const move = () =>
        effects.findOneAndUpdate({ _id }, [{ $set: fields }], {
          upsert: true,
          returnDocument: 'after',
          projection: { ...projection, ...sinceNow() },
        })
      const effect = await upsertTwice(move)
      return effect as unknown as Effect
    },

    /** Writes if the effect is still in one of these states and was not sent anew. @returns whether it was */
    async change(
      { _id, fence }: Pick<EffectRow, '_id' | 'fence'>,
      from: EffectState[],
      change: EffectChange,
    ): Promise<boolean> {
      const filter = { _id, fence, state: { $in: from } }
      const { matchedCount } = await effects.updateOne(filter, [{ $set: toFields(change) }])
      return matchedCount === 1
    },

    /** Marks sendings as unknown that nobody can be at any more. @returns how many */
    async markLeft(quietMs: number): Promise<number> {
      const isLeft = { state: 'sending' as const, $expr: { $lte: ['$sentAt', inMs(-quietMs)] } }
      const fields = toFields({ state: 'unknown', looks: 0, lookInMs: 0 })
      return (await effects.updateMany(isLeft, [{ $set: fields }])).modifiedCount
    },

    sweep: async (now: Date): Promise<number> => (await effects.deleteMany({ expiresAt: { $lte: now } })).deletedCount,

    count: () =>
      effects
        .aggregate<{ kind: string; state: EffectState; isSettled: boolean; count: number }>(
          [
            {
              $group: {
                _id: {
                  kind: { $arrayElemAt: [{ $split: ['$_id', ':'] }, 0] },
                  state: '$state',
                  isSettled: { $ne: [{ $type: '$settledAt' }, 'missing'] },
                },
                count: { $sum: 1 },
              },
            },
            { $replaceWith: { $mergeObjects: ['$_id', { count: '$count' }] } },
          ],
          { maxTimeMS },
        )
        .toArray(),
  }
}

export type EffectRepository = ReturnType<typeof createEffectRepository>
