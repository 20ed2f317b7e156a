import { Type, type Static } from 'typebox'

import { TagId } from './ids.ts'

const closed = { additionalProperties: false }

/** WeCom's own limits, in characters and pieces. */
export const tagLimits = { nameLength: 30, tags: 3_000 } as const
const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })

/** Which way a tag travels between WeCom and the firm's CRM; kept for the connection to it. */
export const TagDirection = Type.Enum(['none', 'in', 'out', 'both'])
export type TagDirection = Static<typeof TagDirection>

export const AdminTagView = Type.Object({
  tagId: TagId,
  name: Type.String(),
  direction: TagDirection,
  /** Customers who have it, by our copy. */
  customers: Type.Integer(),
})
export type AdminTagView = Static<typeof AdminTagView>
export const AdminTagGroup = Type.Object({
  groupId: TagId,
  name: Type.String(),
  /** Health, pregnancy and the like: guides neither see nor use it, whoever has a role in the admin panel does. */
  isSensitive: Type.Boolean(),
  tags: Type.Array(AdminTagView),
})
export type AdminTagGroup = Static<typeof AdminTagGroup>
export const AdminTagLibrary = Type.Object({ groups: Type.Array(AdminTagGroup), tagCount: Type.Integer() })
export type AdminTagLibrary = Static<typeof AdminTagLibrary>

export const TagParams = Type.Object({ tagId: TagId }, closed)
export const TagGroupParams = Type.Object({ groupId: TagId }, closed)
/** WeCom knows no group without tags, so a new one comes with its first. */
export const AddTagGroup = Type.Object(
  { name: Name, tagNames: Type.Array(Name, { minItems: 1, maxItems: 50, uniqueItems: true }) },
  closed,
)
export type AddTagGroup = Static<typeof AddTagGroup>
export const AddTags = Type.Object(
  { tagNames: Type.Array(Name, { minItems: 1, maxItems: 50, uniqueItems: true }) },
  closed,
)
export type AddTags = Static<typeof AddTags>
export const RenameTag = Type.Object({ name: Name }, closed)
export type RenameTag = Static<typeof RenameTag>
/** All ids of the list in the wanted order. */
export const OrderTags = Type.Object(
  { ids: Type.Array(TagId, { minItems: 1, maxItems: 3_000, uniqueItems: true }) },
  closed,
)
export type OrderTags = Static<typeof OrderTags>
export const SetTagSensitivity = Type.Object({ isSensitive: Type.Boolean() }, closed)
export type SetTagSensitivity = Static<typeof SetTagSensitivity>
export const SetTagDirection = Type.Object({ direction: TagDirection }, closed)
export type SetTagDirection = Static<typeof SetTagDirection>
