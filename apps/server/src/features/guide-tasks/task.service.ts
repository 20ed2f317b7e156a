import type {
  AdminTaskPage,
  AdminTaskView,
  CreateGuideTask,
  GuideTaskPage,
  GuideTaskQuery,
  TaskContent,
  TaskCustomerPage,
} from '@guidebar/contracts'

import type { AdminPrincipal, GuidePrincipal, MemberKey } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import { scope } from '../../platform/rights/scope.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { StoreReader } from '../guides/store.reader.ts'
import type { CustomerReader } from '../relations/customer.reader.ts'
import type { Task, TaskItem } from './task.model.ts'
import type { TaskCounts, TaskRepository } from './task.repository.ts'

type Deps = {
  tasks: TaskRepository
  stores: Pick<StoreReader, 'listServing'>
  customers: Pick<CustomerReader, 'lines' | 'listPairs'>
  /** @returns whose content that is: a store's id, or empty for everybody's; null when the corp has no such content */
  contentStore(corpId: string, content: TaskContent): Promise<string | null>
  audit: AuditService
  clock: Clock
}

const mostPairs = 5_000
/** How long a task stands in the list after it was due. */
const shownAfterMs = 7 * 24 * 3_600_000
type Admin = Pick<AdminPrincipal, 'corpId' | 'userId' | 'reach'>
type PageQuery = { before?: string; limit: number }

/** Tasks of the corp for its guides: done by sending what they ask for. */
export function createTaskService({ tasks, stores, customers, contentStore, audit, clock }: Deps) {
  /** @param admin whose guides alone are meant, whomever the input names */
  async function listPairs(admin: Admin, input: CreateGuideTask, ofStore: string) {
    const { corpId } = admin
    const within = scope(admin)
    const serving = (await stores.listServing(corpId, input)).filter(within.hasGuide)
    // Others could not send what belongs to one store.
    const able = ofStore ? new Set(await stores.listServing(corpId, { userIds: [], storeIds: [ofStore] })) : null
    const userIds = able ? serving.filter((userId) => able.has(userId)) : serving
    const pairs = await customers.listPairs(corpId, userIds, input, mostPairs + 1)
    if (pairs.length > mostPairs)
      throw new AppError('BAD_REQUEST', `more than ${mostPairs} pairs of guide and customer`, { at: '/tagIds' })
    if (pairs.length === 0)
      throw new AppError('BAD_REQUEST', 'none of these guides has any of these customers', { at: '/userIds' })
    return pairs
  }

  async function insert(admin: MemberKey, input: CreateGuideTask, dueAt: Date): Promise<Task> {
    const { corpId, userId } = admin
    const { key, title, message, content } = input
    const row = { corpId, key, title: title.trim(), message, content, dueAt, createdBy: userId }
    const task =
      (await tasks.insertOnce({ ...row, createdAt: clock.now(), readyAt: null })) ??
      (await tasks.findByKey(corpId, key))
    if (!task || task.title !== row.title || refOf(task.content) !== refOf(content))
      throw new AppError('IDEMPOTENCY_MISMATCH', 'this key stands for another task', { at: '/key' })
    return task
  }

  return {
    /**
     * For the guides this admin reaches. Once for each key; who follows whom is as it stands at this moment.
     * @throws AppError BAD_REQUEST, IDEMPOTENCY_MISMATCH
     */
    async create(admin: Admin, input: CreateGuideTask): Promise<AdminTaskView> {
      const { corpId, userId } = admin
      const dueAt = new Date(input.dueAt)
      if (!(dueAt > clock.now())) throw new AppError('BAD_REQUEST', 'due in the past', { at: '/dueAt' })
      const ofStore = await contentStore(corpId, input.content)
      if (ofStore === null || (ofStore && !scope(admin).hasStore(ofStore)))
        throw new AppError('BAD_REQUEST', 'the corp has no such content', { at: '/content' })
      const first = await tasks.findByKey(corpId, input.key)
      const pairs = first?.readyAt ? [] : await listPairs(admin, input, ofStore)
      const task = first?.readyAt ? await insert(admin, input, first.dueAt) : await insert(admin, input, dueAt)
      const taskId = task._id.toHexString()
      await audit.note({ corpId, userId }, { key: taskId, action: 'task.created', target: taskId })
      // Safe to repeat: whoever comes back after a crash writes the rest.
      await tasks.addItems(pairs.map((pair) => toItem(task, pair)))
      await tasks.markReady(task, clock.now())
      return toAdminView(task, (await tasks.countOf(scope(admin), [taskId])).get(taskId))
    },

    /** Newest first; with the progress of the guides this admin sees, and without tasks that are none of theirs. */
    async listAll(admin: Admin, query: PageQuery): Promise<AdminTaskPage> {
      const within = scope(admin)
      const cursor = readCursor(query.before, ['number', 'string'])
      const before = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const rows = await tasks.listAll(within, { before, limit: query.limit + 1 })
      const page = toPage(rows, query.limit, (last) => toCursor(last.createdAt.getTime(), last._id.toHexString()))
      const counts = await tasks.countOf(
        within,
        page.rows.map(({ _id }) => _id.toHexString()),
      )
      return { tasks: page.rows.map((task) => toAdminView(task, counts.get(task._id.toHexString()))), next: page.next }
    },

    /** The guide's own tasks with the own progress; with a customer only what concerns this one. */
    async listOfGuide(guide: GuidePrincipal, query: GuideTaskQuery): Promise<GuideTaskPage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      const before = cursor && { at: new Date(cursor[0]), id: cursor[1] }
      const since = new Date(clock.now().getTime() - shownAfterMs)
      const { externalUserId } = query
      const rows = await tasks.listOfGuide(guide, { since, before, limit: query.limit + 1, externalUserId })
      const page = toPage(rows, query.limit, (last) => toCursor(last.dueAt.getTime(), last.taskId))
      const found = await tasks.findMany(
        guide.corpId,
        page.rows.map(({ taskId }) => taskId),
      )
      const byId = new Map(found.map((task) => [task._id.toHexString(), task]))
      const views = page.rows.flatMap((counts) => {
        const task = byId.get(counts.taskId)
        return task ? [toView(task, counts)] : []
      })
      return { tasks: views, next: page.next }
    },

    /** The guide's own customers in a task, those still to do first; who is the guide's no longer is left out. */
    async listCustomers(guide: GuidePrincipal, taskId: string, query: PageQuery): Promise<TaskCustomerPage> {
      const cursor = readCursor(query.before, ['number', 'string'])
      const after = cursor && { rank: cursor[0] === 0 ? (0 as const) : (1 as const), id: cursor[1] }
      const rows = await tasks.listCustomers(guide, taskId, { after, limit: query.limit + 1 })
      if (rows.length === 0 && !after) throw new AppError('NOT_FOUND', 'no such task of this guide')
      const page = toPage(rows, query.limit, (last) => toCursor(last.doneRank, last._id))
      const lines = await customers.lines(
        guide,
        page.rows.map(({ externalUserId }) => externalUserId),
      )
      const views = page.rows.flatMap(({ externalUserId, doneAt }) => {
        const line = lines.get(externalUserId)
        if (!line) return []
        return [
          { externalUserId, customerName: line.name, avatarUrl: line.avatarUrl, doneAt: doneAt?.toISOString() ?? null },
        ]
      })
      return { customers: views, next: page.next }
    },

    /** A message went out: it may have been asked for. Safe to repeat. */
    async noteSent(
      guide: GuidePrincipal,
      sent: { externalUserId: string; contentRef: string; sendId: string; at: Date },
    ): Promise<void> {
      await tasks.markDone(guide, sent)
    },
  }
}

export type TaskService = ReturnType<typeof createTaskService>

function refOf(content: TaskContent): string {
  if (content.type === 'card') return `card/${content.cardId}`
  return content.type === 'reply' ? `reply/${content.replyId}` : `article/${content.articleId}`
}

function toItem(task: Task, { userId, externalUserId }: { userId: string; externalUserId: string }): TaskItem {
  const taskId = task._id.toHexString()
  return {
    _id: `${taskId}/${userId}/${externalUserId}`,
    corpId: task.corpId,
    taskId,
    userId,
    externalUserId,
    contentRef: refOf(task.content),
    dueAt: task.dueAt,
    doneRank: 0,
    doneAt: null,
    sendId: null,
  }
}

function toView(task: Task, counts: TaskCounts | undefined) {
  const { title, message, content, dueAt } = task
  const progress = { total: counts?.total ?? 0, done: counts?.done ?? 0 }
  return { id: task._id.toHexString(), title, message, content, dueAt: dueAt.toISOString(), ...progress }
}

const toAdminView = (task: Task, counts: TaskCounts | undefined): AdminTaskView => ({
  ...toView(task, counts),
  guides: counts?.guides ?? 0,
  createdAt: task.createdAt.toISOString(),
})
