import { WecomError } from '@guidebar/wecom'

import type { Clock, Corps } from '../../platform/deps.ts'
import { judgeWecomCall } from '../../platform/effects/effect-outcome.ts'
import type { Effects } from '../../platform/effects/effects.ts'
import { AppError } from '../../platform/errors.ts'
import type { JobContext } from '../../platform/jobs/job.context.ts'
import { JobPutOff } from '../../platform/jobs/job-failure.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { scope } from '../../platform/rights/scope.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { CustomerEntry, EntryRelation } from '../customers/customer-entry.model.ts'
import type { EntryReader } from '../customers/customer-entry.reader.ts'
import type { CustomerFinder } from '../customers/customer-finder.ts'
import type { RelationService } from '../relations/relation.service.ts'
import type { TagService } from '../tags/tag.service.ts'
import type { TagBatch, TagBatchRow } from './tag-batch.model.ts'
import type { TagBatchRepository } from './tag-batch.repository.ts'

type Deps = {
  jobs: Pick<Jobs, 'define' | 'enqueue'>
  batches: TagBatchRepository
  finder: CustomerFinder
  entries: EntryReader
  relations: Pick<RelationService, 'markTags'>
  tags: Pick<TagService, 'refresh'>
  effects: Effects
  corps: Corps
  clock: Clock
}

const name = 'tag-batch'
const pageSize = 500
const rowsAtOnce = 40
/** Customers side by side: the limiter decides how fast, this only how much may wait in it. */
const customersAtOnce = 4
/** Codes after which the same call may succeed a little later. */
const passing = new Set(['WECOM_BUSY', 'WECOM_UNAVAILABLE', 'WECOM_NOT_SET_UP', 'STORAGE_UNAVAILABLE', 'INTERNAL'])
const pauseMs = 5_000
/** Whoever got the tag while others were being merged is found by looking again. */
const mostLooks = 3

/**
 * Tags many relations. First everybody it is about is written down, each relation once; then row by row WeCom is told,
 * through the effect log. A killed process costs nothing: the next one goes on with the first row that has no answer.
 */
export function createTagBatchJobs(deps: Deps) {
  const { jobs, batches, finder, entries, relations, tags, effects, corps, clock } = deps

  async function move(ctx: JobContext, batch: TagBatch, set: Partial<TagBatch>): Promise<void> {
    const underWay = { _id: batch._id, phase: batch.phase }
    if (!(await ctx.guardedUpdate(batches.target, underWay, set))) throw new Gone()
    Object.assign(batch, set)
  }

  async function collect(ctx: JobContext, batch: TagBatch): Promise<void> {
    const filter = await filterOf(batch)
    for (;;) {
      ctx.signal.throwIfAborted()
      const page = await entries.walk(filter, batch.cursor, pageSize)
      await batches.addRows(page.flatMap((entry) => toRows(batch, entry)))
      const last = page.at(-1)
      if (!last) return
      await move(ctx, batch, { cursor: last._id })
    }
  }

  async function filterOf({ corpId, createdBy, reach, selection, kind, remove }: TagBatch) {
    if (kind === 'merge') return { corpId, 'relations.tagIds': { $in: remove } }
    if (!selection) throw new TypeError('a batch without a selection')
    return (await finder.fromSelection({ corpId, userId: createdBy, reach }, selection)).filter
  }

  /** What the undone batch has changed, the other way round. */
  async function collectUndo(ctx: JobContext, batch: TagBatch): Promise<void> {
    for (;;) {
      ctx.signal.throwIfAborted()
      const page = await batches.listRows(batch.undoOf ?? '', {
        state: 'changed',
        after: batch.cursor || null,
        limit: pageSize,
      })
      const batchId = batch._id.toHexString()
      await batches.addRows(
        page.map(({ corpId, externalUserId, userId, add, remove }) => ({
          _id: `${batchId}/${externalUserId}/${userId}`,
          batchId,
          corpId,
          externalUserId,
          userId,
          add: remove,
          remove: add,
          state: 'waiting' as const,
          code: '',
        })),
      )
      const last = page.at(-1)
      if (!last) return
      await move(ctx, batch, { cursor: last._id })
    }
  }

  async function tagAll(ctx: JobContext, batch: TagBatch): Promise<void> {
    const batchId = batch._id.toHexString()
    for (;;) {
      const rows = await batches.nextWaiting(batchId, rowsAtOnce)
      if (rows.length === 0) return
      // Also asks whether somebody has stopped it, or whether another process is at it.
      await move(ctx, batch, {})
      const customers = [...Map.groupBy(rows, ({ externalUserId }) => externalUserId).values()]
      for (let from = 0; from < customers.length; from += customersAtOnce) {
        ctx.signal.throwIfAborted()
        await Promise.all(customers.slice(from, from + customersAtOnce).map((own) => tagCustomer(batch, own)))
      }
    }
  }

  /** One after another: WeCom refuses two changes of one customer at the same time. */
  async function tagCustomer(batch: TagBatch, rows: TagBatchRow[]): Promise<void> {
    for (const row of rows) await tagOne(batch, row)
  }

  async function tagOne(
    batch: TagBatch,
    { _id, corpId, userId, externalUserId, add, remove }: TagBatchRow,
  ): Promise<void> {
    const end = await effects
      .perform(`tag-row:${_id}`, {
        call: async (signal) => {
          const by = { byUserId: batch.createdBy, lane: 'background', signal } as const
          await relations.markTags({ corpId, userId, externalUserId }, { add, remove }, by)
          return null
        },
        // Setting a value: a second time changes nothing.
        ifUnknown: 'repeat',
        judge: (error) =>
          error instanceof AppError && error.code === 'RELATION_NOT_FOUND' ? 'refused' : judgeWecomCall(error),
      })
      .catch((error: unknown) => {
        if (error instanceof JobPutOff) throw error
        const { code, retryAfterSec } = toAppError(error)
        if (!passing.has(code)) throw error
        throw new JobPutOff(Math.max(pauseMs, (retryAfterSec ?? 0) * 1_000), code)
      })
    if (end.state === 'failed') await batches.endRow(_id, 'failed', end.failure.code)
    else await batches.endRow(_id, 'changed')
  }

  /** Nobody has the merged tag any more, so it can go. @returns why it could not, as one of our codes */
  async function dropMerged(batch: TagBatch): Promise<string | null> {
    const { failed } = await batches.countRows(batch._id.toHexString())
    if (failed > 0) return 'TAG_STILL_USED'
    const corp = corps.get(batch.corpId)
    if (!corp) return 'NOT_FOUND'
    const end = await effects.perform(`tag-merge:${batch._id.toHexString()}`, {
      call: async (signal) => {
        await corp.wecom.externalContact
          .delCorpTag({ tagIds: batch.remove }, { lane: 'background', signal })
          .catch((error: unknown) => {
            // Gone already: by an earlier try, or by somebody in the console.
            if (!(error instanceof WecomError && error.errcode === 40068)) throw error
          })
        return null
      },
      ifUnknown: 'repeat',
    })
    await tags.refresh(corp)
    return end.state === 'failed' ? end.failure.code : null
  }

  /** Who got the merged tag meanwhile is found by looking again. */
  async function tagLateComers(ctx: JobContext, batch: TagBatch): Promise<void> {
    const batchId = batch._id.toHexString()
    for (let look = 1; look < mostLooks; look++) {
      await move(ctx, batch, { cursor: '' })
      await collect(ctx, batch)
      if ((await batches.countRows(batchId)).waiting === 0) return
      await tagAll(ctx, batch)
    }
  }

  async function work(ctx: JobContext, batch: TagBatch): Promise<void> {
    if (batch.phase === 'collecting') {
      await (batch.kind === 'undo' ? collectUndo : collect)(ctx, batch)
      await move(ctx, batch, { phase: 'tagging', taggingAt: clock.now() })
    }
    if (batch.phase === 'tagging') {
      await tagAll(ctx, batch)
      if (batch.kind === 'merge') await tagLateComers(ctx, batch)
      await move(ctx, batch, { phase: 'finishing' })
    }
    const failure = batch.kind === 'merge' ? await dropMerged(batch) : null
    await move(ctx, batch, { phase: failure ? 'failed' : 'done', failure, finishedAt: clock.now() })
  }

  jobs.define<{ batchId: string }>(name, {
    concurrency: 2,
    maxTries: 20,
    async handler({ batchId }, ctx) {
      const batch = await batches.find(batchId)
      if (!batch || ['done', 'stopped', 'failed'].includes(batch.phase)) return
      try {
        await work(ctx, batch)
      } catch (error) {
        if (!(error instanceof Gone)) throw error
      }
    },
  })

  return {
    begin: async (batch: TagBatch): Promise<void> => {
      const batchId = batch._id.toHexString()
      await jobs.enqueue(name, { batchId }, { key: batchId })
    },
  }
}

export type TagBatchJobs = ReturnType<typeof createTagBatchJobs>

/** Somebody has stopped the batch, or another process has taken it over. */
class Gone extends Error {
  override readonly name = 'Gone'
}

/** One row for each relation in reach, with what really changes on it. */
function toRows(batch: TagBatch, { corpId, externalUserId, relations }: CustomerEntry): TagBatchRow[] {
  const within = scope({ corpId: batch.corpId, reach: batch.reach })
  const batchId = batch._id.toHexString()
  const isMeant = ({ userId, tagIds }: EntryRelation) =>
    within.hasGuide(userId) && (batch.kind !== 'merge' || batch.remove.some((tagId) => tagIds.includes(tagId)))
  return relations.filter(isMeant).map(({ userId, tagIds }) => {
    const add = batch.add.filter((tagId) => !tagIds.includes(tagId))
    const remove = batch.remove.filter((tagId) => tagIds.includes(tagId))
    return {
      _id: `${batchId}/${externalUserId}/${userId}`,
      batchId,
      corpId,
      externalUserId,
      userId,
      add,
      remove,
      state: add.length + remove.length === 0 ? 'same' : 'waiting',
      code: '',
    }
  })
}
