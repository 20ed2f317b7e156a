import type { TaskContent } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export type Task = {
  _id: Types.ObjectId
  corpId: string
  /** Of the admin's page: one task for each intent. */
  key: string
  title: string
  message: string
  content: TaskContent
  dueAt: Date
  createdBy: string
  createdAt: Date
  /** null as long as its customers are being written down. */
  readyAt: Date | null
}

const taskSchema = new Schema<Task>(
  {
    corpId: { type: String, required: true },
    key: { type: String, required: true },
    title: { type: String, required: true },
    message: { type: String, default: '' },
    content: { type: Schema.Types.Mixed, required: true },
    dueAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    readyAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'guideTasks' },
)
// insertOnce
taskSchema.index({ corpId: 1, key: 1 }, { unique: true })
// listAll: an admin's list, newest first.
taskSchema.index({ corpId: 1, createdAt: -1, _id: -1 })
export const taskModel = (db: Connection) => db.model('GuideTask', taskSchema)

/** One customer of one guide in a task. */
export type TaskItem = {
  /** `taskId/userId/externalUserId` */
  _id: string
  corpId: string
  taskId: string
  userId: string
  externalUserId: string
  /** As a send tells what it was. */
  contentRef: string
  dueAt: Date
  /** 0 to do, 1 done: for the order of the list. */
  doneRank: 0 | 1
  doneAt: Date | null
  sendId: string | null
}

const itemSchema = new Schema<TaskItem>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    taskId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    contentRef: { type: String, required: true },
    dueAt: { type: Date, required: true },
    doneRank: { type: Number, required: true },
    doneAt: { type: Date, default: null },
    sendId: { type: String, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'guideTaskItems' },
)
// listOfGuide: a guide's tasks with their counts.
itemSchema.index({ corpId: 1, userId: 1, dueAt: -1, taskId: -1 })
// listCustomers: the customers of one guide in a task, those still to do first.
itemSchema.index({ taskId: 1, userId: 1, doneRank: 1, _id: 1 })
// markDone: a send that a task had asked for.
itemSchema.index({ corpId: 1, userId: 1, externalUserId: 1, contentRef: 1, doneRank: 1 })
export const taskItemModel = (db: Connection) => db.model('GuideTaskItem', itemSchema)
