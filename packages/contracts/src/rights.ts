import { Type, type Static } from 'typebox'

import { UserId } from './ids.ts'

/** What an admin may be; a guide (导购) has no role here. */
export const adminRoles = ['owner', 'admin', 'dataOfficer', 'storeManager'] as const
export type AdminRole = (typeof adminRoles)[number]
export const AdminRole = Type.Enum([...adminRoles])

/**
 * read: see · write: make, change, archive · publish: let guides see it · export: take out as a file ·
 * reveal: see in full what is masked.
 */
export const rightsActions = ['read', 'write', 'publish', 'export', 'reveal'] as const
export type RightsAction = (typeof rightsActions)[number]

/** What the admin panel is about; every admin route names one. `self` is what everybody in the panel may do. */
export const rightsSubjects = [
  'self',
  'home',
  'setup',
  'sync',
  'customers',
  'segments',
  'tags',
  'replies',
  'cards',
  'knowledge',
  'articles',
  'tasks',
  'itemRequests',
  'rules',
  'people',
  'rights',
  'audit',
  'settings',
] as const
export type RightsSubject = (typeof rightsSubjects)[number]

/** One thing somebody may do: `read:customers`. */
export type Right = `${RightsAction}:${RightsSubject}`

/** An id of a WeCom department, which a store is. */
export const DepartmentId = Type.Integer({ minimum: 1, maximum: 4_294_967_295 })
const departmentIds = Type.Array(DepartmentId, { minItems: 1, maxItems: 200, uniqueItems: true })

/**
 * Whose data an admin sees. all: the corp's · region: these departments with all below them · store: these departments
 * alone · self: only what is his own as a guide.
 */
export const DataScope = Type.Union([
  Type.Object({ kind: Type.Literal('all') }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('region'), departmentIds }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('store'), departmentIds }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal('self') }, { additionalProperties: false }),
])
export type DataScope = Static<typeof DataScope>

/** Who is signed in to the admin panel, and what he may do. */
export const AdminView = Type.Object({
  userId: UserId,
  name: Type.String(),
  corpId: Type.String(),
  role: AdminRole,
  scope: DataScope,
  /** Rights as `read:customers`. */
  may: Type.Array(Type.String()),
})
export type AdminView = Static<typeof AdminView>
