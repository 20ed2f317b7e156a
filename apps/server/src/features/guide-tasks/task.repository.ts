import { trusted, type Connection } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import type { Scope } from '../../platform/rights/scope.ts'
import { taskItemModel, taskModel, type Task, type TaskItem } from './task.model.ts'

export type TaskCounts = { taskId: string; dueAt: Date; total: number; done: number; guides: number }
type Place = { at: Date; id: string }

export function createTaskRepository(db: Connection) {
  const tasks = taskModel(db)
  const items = taskItemModel(db)
  const counts = {
    total: { $sum: 1 },
    done: { $sum: '$doneRank' },
    dueAt: { $first: '$dueAt' },
  }

  return {
    findByKey: (corpId: string, key: string): Promise<Task | null> =>
      tasks.findOne({ corpId, key }).lean<Task>().exec(),

    /** @returns null when there is a task with that key */
    async insertOnce(task: Omit<Task, '_id'>): Promise<Task | null> {
      try {
        const { _id } = await tasks.create(task)
        return { ...task, _id }
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },

    async markReady(task: Task, at: Date): Promise<void> {
      await tasks.updateOne({ _id: task._id, readyAt: null }, { $set: { readyAt: at } })
    },

    /** Those that are there already stay as they are. */
    async addItems(rows: TaskItem[]): Promise<void> {
      if (rows.length === 0) return
      await items.bulkWrite(
        rows.map(({ _id, ...row }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
        })),
        { ordered: false },
      )
    },

    /** @returns how many were still to do */
    async markDone(
      { corpId, userId }: GuidePrincipal,
      {
        externalUserId,
        contentRef,
        sendId,
        at,
      }: { externalUserId: string; contentRef: string; sendId: string; at: Date },
    ): Promise<number> {
      const filter = { corpId, userId, externalUserId, contentRef, doneRank: 0 as const }
      return (await items.updateMany(filter, { $set: { doneRank: 1, doneAt: at, sendId } })).modifiedCount
    },

    findMany: (corpId: string, taskIds: string[]): Promise<Task[]> =>
      tasks
        .find({ _id: trusted({ $in: taskIds }), corpId, readyAt: trusted({ $ne: null }) })
        .lean<Task[]>()
        .exec(),

    /** A guide's tasks that are not over for long, the one due last first. */
    async listOfGuide(
      { corpId, userId }: GuidePrincipal,
      {
        since,
        before,
        limit,
        externalUserId,
      }: { since: Date; before: Place | null; limit: number; externalUserId?: string },
    ): Promise<TaskCounts[]> {
      const rows = await items.aggregate<Omit<TaskCounts, 'taskId' | 'guides'> & { _id: string }>([
        {
          $match: {
            corpId,
            userId,
            dueAt: { $gte: since, ...(before && { $lte: before.at }) },
            ...(externalUserId && { externalUserId }),
          },
        },
        { $group: { _id: '$taskId', ...counts } },
        ...(before ? [{ $match: { $or: [{ dueAt: { $lt: before.at } }, { _id: { $lt: before.id } }] } }] : []),
        { $sort: { dueAt: -1, _id: -1 } },
        { $limit: limit },
      ])
      return rows.map(({ _id, ...row }) => ({ taskId: _id, ...row, guides: 1 }))
    },

    listCustomers: (
      { corpId, userId }: GuidePrincipal,
      taskId: string,
      { after, limit }: { after: { rank: 0 | 1; id: string } | null; limit: number },
    ): Promise<TaskItem[]> =>
      items
        .find({
          corpId,
          taskId,
          userId,
          ...(after && {
            $or: [
              { doneRank: trusted({ $gt: after.rank }) },
              { doneRank: after.rank, _id: trusted({ $gt: after.id }) },
            ],
          }),
        })
        .sort({ doneRank: 1, _id: 1 })
        .limit(limit)
        .lean<TaskItem[]>()
        .exec(),

    async listAll(within: Scope, { before, limit }: { before: Place | null; limit: number }): Promise<Task[]> {
      const own = within.isAll ? null : await items.distinct('taskId', within.byGuide()).maxTimeMS(10_000).exec()
      return tasks
        .find({
          corpId: within.corpId,
          ...(own && { _id: trusted({ $in: own }) }),
          readyAt: trusted({ $ne: null }),
          ...(before && {
            $or: [
              { createdAt: trusted({ $lt: before.at }) },
              { createdAt: before.at, _id: trusted({ $lt: before.id }) },
            ],
          }),
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .lean<Task[]>()
        .exec()
    },

    /** Of the guides in this scope. */
    async countOf(within: Scope, taskIds: string[]): Promise<Map<string, TaskCounts>> {
      const rows = await items.aggregate<TaskCounts & { _id: string; users: string[] }>([
        { $match: { ...within.byGuide(), taskId: { $in: taskIds } } },
        { $group: { _id: '$taskId', ...counts, users: { $addToSet: '$userId' } } },
        { $set: { guides: { $size: '$users' }, taskId: '$_id' } },
      ])
      return new Map(rows.map((row) => [row._id, row]))
    },
  }
}

export type TaskRepository = ReturnType<typeof createTaskRepository>
