import { hash } from 'node:crypto'

import { contentHashOf } from './from-wecom.ts'
import type { EventCause, RelationEvent, RelationEventKind } from './relation-event.model.ts'
import { currentStatuses, type Relation } from './relation.model.ts'

/** Who or what brought a change to us. */
export type Origin = { cause: EventCause; byUserId?: string; at?: Date }

type Detail = Partial<Pick<RelationEvent, 'tagIds' | 'from' | 'to' | 'at' | 'byUserId'>>

export const isCurrent = ({ status }: Pick<Relation, 'status'>) => currentStatuses.includes(status)

/**
 * What happened between two states of a relation, in a form that comes out the same whoever sees it and however often.
 * @param before null for a relation that was not known
 */
export function toEvents(before: Relation | null, after: Relation, origin: Origin): RelationEvent[] {
  return changesBetween(before, after).map(([kind, detail]) => ({
    _id: before ? `${after._id}/${after.revision}/${kind}/${markOf(after)}` : `${after._id}/${kind}`,
    corpId: after.corpId,
    userId: after.userId,
    externalUserId: after.externalUserId,
    kind,
    at: origin.at ?? after.readBeganAt,
    cause: origin.cause,
    byUserId: origin.byUserId ?? null,
    ...detail,
  }))
}

/** Tells two different changes apart that were made from the same state at the same time. */
const markOf = (after: Relation) => hash('sha256', `${contentHashOf(after)}${after.status}`, 'base64url').slice(0, 8)

type Change = [kind: RelationEventKind, detail: Detail]

function changesBetween(before: Relation | null, after: Relation): Change[] {
  if (!before) return additions(after)
  return [...statusChanges(before, after), ...tagChanges(before, after), ...textChanges(before, after)]
}

/** WeCom's `add_way` of a customer who came from a colleague: shared, or assigned in a handover. */
const handedOver = [201, 202]

function additions({ addedAt: at, addWay, operUserId, state }: Relation): Change[] {
  const added: Change = ['added', { at, to: state }]
  return handedOver.includes(addWay) ? [added, ['transferred', { at, byUserId: operUserId }]] : [added]
}

function statusChanges(before: Relation, after: Relation): Change[] {
  const words = { from: before.status, to: after.status }
  if (isCurrent(before) !== isCurrent(after)) return [[isCurrent(after) ? 'restored' : 'ended', words]]
  const isNew = before.addedAt.getTime() !== after.addedAt.getTime()
  const changes = isNew && isCurrent(after) ? additions(after) : []
  if (before.status === after.status || !isCurrent(after)) return changes
  return [...changes, [after.status === 'active' ? 'customer_returned' : 'customer_left', words]]
}

function tagChanges(before: Relation, after: Relation): Change[] {
  const more = after.tagIds.filter((id) => !before.tagIds.includes(id))
  const less = before.tagIds.filter((id) => !after.tagIds.includes(id))
  const changes: Change[] = []
  if (more.length > 0) changes.push(['tagged', { tagIds: more }])
  if (less.length > 0) changes.push(['untagged', { tagIds: less }])
  return changes
}

function textChanges(before: Relation, after: Relation): Change[] {
  const texts = [
    ['remark', 'remark_changed'],
    ['description', 'description_changed'],
    ['state', 'source_changed'],
  ] as const
  return texts
    .filter(([field]) => before[field] !== after[field])
    .map(([field, kind]) => [kind, { from: before[field], to: after[field] }])
}
