import { Type, type Static } from 'typebox'

import { ExternalUserId, IdempotencyKey, Moment, ObjectIdText, TagId, UserId } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

/** What a task asks the guide to send. */
export const TaskContent = Type.Union([
  Type.Object({ type: Type.Literal('reply'), replyId: ObjectIdText }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal('card'), cardId: ObjectIdText }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal('article'), articleId: ObjectIdText }, { additionalProperties: false }),
])
export type TaskContent = Static<typeof TaskContent>

/**
 * A task of the corp: which guides (named, or all of some stores), which of their customers (named, or those with one
 * of the tags), what to send and until when. At most 5,000 pairs of guide and customer.
 */
export const CreateGuideTask = Type.Object(
  {
    key: IdempotencyKey,
    title: Type.String({ minLength: 1, maxLength: 40 }),
    message: Type.String({ maxLength: 300 }),
    content: TaskContent,
    userIds: Type.Array(UserId, { maxItems: 500, uniqueItems: true }),
    storeIds: Type.Array(Type.String({ minLength: 1, maxLength: 20, pattern: '^\\d+$' }), {
      maxItems: 100,
      uniqueItems: true,
    }),
    externalUserIds: Type.Array(ExternalUserId, { maxItems: 1_000, uniqueItems: true }),
    tagIds: Type.Array(TagId, { maxItems: 20, uniqueItems: true }),
    dueAt: Moment,
  },
  { additionalProperties: false },
)
export type CreateGuideTask = Static<typeof CreateGuideTask>

const Progress = { total: Type.Integer(), done: Type.Integer() }

/** A task as one guide sees it: counts are of the own customers. */
export const GuideTaskView = Type.Object({
  id: ObjectIdText,
  title: Type.String(),
  message: Type.String(),
  content: TaskContent,
  dueAt: Moment,
  ...Progress,
})
export type GuideTaskView = Static<typeof GuideTaskView>
/** With a customer: only the tasks that name this one, and counts of this one alone. */
export const GuideTaskQuery = Type.Object(
  { externalUserId: Type.Optional(ExternalUserId), ...pageFields },
  { additionalProperties: false },
)
export type GuideTaskQuery = Static<typeof GuideTaskQuery>
export const GuideTaskPage = Type.Object({ tasks: Type.Array(GuideTaskView), next: NextPage })
export type GuideTaskPage = Static<typeof GuideTaskPage>

export const TaskCustomer = Type.Object({
  externalUserId: ExternalUserId,
  customerName: Type.String(),
  avatarUrl: Type.Union([Type.String(), Type.Null()]),
  doneAt: Type.Union([Moment, Type.Null()]),
})
export type TaskCustomer = Static<typeof TaskCustomer>
export const TaskParams = Type.Object({ taskId: ObjectIdText }, { additionalProperties: false })
/** Those still to do come first. */
export const TaskCustomerPage = Type.Object({ customers: Type.Array(TaskCustomer), next: NextPage })
export type TaskCustomerPage = Static<typeof TaskCustomerPage>

/** A task as the admin sees it, over all guides. */
export const AdminTaskView = Type.Object({ ...GuideTaskView.properties, guides: Type.Integer(), createdAt: Moment })
export type AdminTaskView = Static<typeof AdminTaskView>
export const AdminTaskPage = Type.Object({ tasks: Type.Array(AdminTaskView), next: NextPage })
export type AdminTaskPage = Static<typeof AdminTaskPage>
