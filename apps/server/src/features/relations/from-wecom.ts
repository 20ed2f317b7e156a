import { hash } from 'node:crypto'

import type { Customer as WecomCustomer, RelationDetail, RelationSummary } from '@guidebar/wecom'

import type { Customer } from './customer.model.ts'
import { customerId, relationId, type Relation } from './relation.model.ts'

type WecomRelation = RelationDetail | RelationSummary

/** What WeCom says of one relation; what we learn from events (`status` and the like) stands elsewhere. */
export type RelationFacts = Omit<Relation, 'status' | 'customerMovedAt' | 'customerGone' | 'revision'>

/**
 * One row of WeCom's with just enough worked out to tell whether it says anything new: of a million rows most do not,
 * and need no documents made of them.
 */
export type ReadRow = {
  _id: string
  corpId: string
  mark: string
  /** When the call that brought it was begun. */
  readBeganAt: Date
  tagIds: string[]
  customer: WecomCustomer
  relation: WecomRelation
}

const typeOf = { wechat: 1, wecom: 2, unknown: 0 } as const
const genderOf = { unknown: 0, male: 1, female: 2 } as const

/**
 * The same relation has the same hash whether it came from `externalcontact/get` (whole tags) or from
 * `batch/get_by_user` (ids only): personal tags, which only the first one tells, are left out.
 * @param readBeganAt when the call that brought it was begun
 */
export function toReadRow(
  corpId: string,
  customer: WecomCustomer,
  relation: WecomRelation,
  readBeganAt: Date,
): ReadRow {
  const _id = relationId({ corpId, userId: relation.userId, externalUserId: customer.externalUserId })
  const tagIds = sortTags(tagIdsOf(relation))
  // As `contentOf` and `personOf` have it, without the objects between: this is done for each row of each full read.
  const mark = hashOf([
    _id,
    relation.remark,
    relation.description,
    tagIds,
    relation.addedAt.getTime(),
    relation.addWay ?? 0,
    relation.operatorId ?? '',
    relation.state ?? '',
    customer.name,
    safeAvatar(customer),
    genderOf[customer.gender],
    typeOf[customer.kind],
    customer.corpName ?? null,
    customer.unionId ?? null,
  ])
  return { _id, corpId, mark, readBeganAt, tagIds, customer, relation }
}

export function toCustomer({ corpId, customer, readBeganAt }: ReadRow): Customer {
  const key = { corpId, externalUserId: customer.externalUserId }
  const person = toPerson(customer)
  return { _id: customerId(key), ...key, ...person, contentHash: hashOf(personOf(person)), readBeganAt }
}

export function toRelationFacts({
  _id,
  corpId,
  customer,
  relation,
  mark,
  tagIds,
  readBeganAt,
}: ReadRow): RelationFacts {
  return {
    _id,
    corpId,
    userId: relation.userId,
    externalUserId: customer.externalUserId,
    ...textsOf(relation),
    tagIds,
    ...sourceOf(relation),
    mark,
    syncedAt: readBeganAt,
    readBeganAt,
  }
}

type Content = Pick<Relation, 'remark' | 'description' | 'tagIds' | 'addedAt' | 'addWay' | 'operUserId' | 'state'>
type Person = Pick<Customer, 'name' | 'avatarUrl' | 'gender' | 'type' | 'corpName' | 'unionId'>

/** Equal for relations of which WeCom says the same. @param content with its tag ids sorted */
export const contentHashOf = (content: Content): string => hashOf(contentOf(content))

const contentOf = ({ remark, description, tagIds, addedAt, addWay, operUserId, state }: Content) => [
  remark,
  description,
  tagIds,
  addedAt.getTime(),
  addWay,
  operUserId,
  state,
]

const personOf = ({ name, avatarUrl, gender, type, corpName, unionId }: Person) => [
  name,
  avatarUrl,
  gender,
  type,
  corpName,
  unionId,
]

const hashOf = (content: unknown[]) => hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)

function toPerson(customer: WecomCustomer): Person {
  const { name, gender, kind, corpName, unionId } = customer
  return {
    name,
    avatarUrl: safeAvatar(customer),
    gender: genderOf[gender],
    type: typeOf[kind],
    corpName: corpName ?? null,
    unionId: unionId ?? null,
  }
}

/** Only addresses a browser may load; anything else would end up in an attribute. */
const safeAvatar = ({ avatarUrl }: WecomCustomer) => (avatarUrl && /^https?:\/\//.test(avatarUrl) ? avatarUrl : null)

const sortTags = (tagIds: string[]) => (tagIds.length < 2 ? tagIds : tagIds.toSorted())

const textsOf = ({ remark, description }: WecomRelation) => ({ remark, description })

const sourceOf = ({ addedAt, addWay, operatorId, state }: WecomRelation) => ({
  addedAt,
  addWay: addWay ?? 0,
  operUserId: operatorId ?? '',
  state: state ?? '',
})

function tagIdsOf(relation: WecomRelation): string[] {
  if ('tagIds' in relation) return relation.tagIds
  return relation.tags.flatMap(({ kind, tagId }) => (kind !== 'personal' && tagId ? [tagId] : []))
}
