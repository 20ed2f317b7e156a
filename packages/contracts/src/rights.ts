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
  userId: Type.String(),
  name: Type.String(),
  corpId: Type.String(),
  role: AdminRole,
  scope: DataScope,
  /** Rights as `read:customers`. */
  may: Type.Array(Type.String()),
  /** Who looks, when this is a look at somebody else's panel; nothing can be changed then. */
  viewer: Type.Union([Type.Object({ userId: Type.String(), name: Type.String() }), Type.Null()]),
})
export type AdminView = Static<typeof AdminView>

/** The code that the server prints at its first start; case and dashes do not matter. */
export const FirstAdminCode = Type.Object(
  { code: Type.String({ minLength: 8, maxLength: 32, pattern: '^[A-Za-z0-9 -]+$' }) },
  { additionalProperties: false },
)
export type FirstAdminCode = Static<typeof FirstAdminCode>
export const FirstAdminState = Type.Object({ open: Type.Boolean() })
export type FirstAdminState = Static<typeof FirstAdminState>

/** Whose panel to look at. */
export const ViewAs = Type.Object({ userId: UserId }, { additionalProperties: false })
export type ViewAs = Static<typeof ViewAs>

/** A role with its data scope, as it is given. */
export const GiveRole = Type.Object({ role: AdminRole, scope: DataScope }, { additionalProperties: false })
export type GiveRole = Static<typeof GiveRole>
