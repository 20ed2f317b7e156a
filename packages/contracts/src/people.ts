import { Type, type Static } from 'typebox'

import { UserId } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'
import { AdminRole, DataScope, DepartmentId } from './rights.ts'

const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/** Opening hours of one weekday in Beijing time; a day that is not listed is a day off. */
export const OpeningHours = Type.Object(
  { /** 1 Monday to 7 Sunday. */ weekday: Type.Integer({ minimum: 1, maximum: 7 }), from: TimeOfDay, to: TimeOfDay },
  { additionalProperties: false },
)
export type OpeningHours = Static<typeof OpeningHours>

/** What we keep of a department that is a store, beside what WeCom says of it. */
export const SaveStore = Type.Object(
  {
    isStore: Type.Boolean(),
    city: Type.String({ maxLength: 40 }),
    address: Type.String({ maxLength: 200 }),
    openingHours: Type.Array(OpeningHours, { maxItems: 14 }),
  },
  { additionalProperties: false },
)
export type SaveStore = Static<typeof SaveStore>

export const DepartmentView = Type.Object({
  departmentId: DepartmentId,
  /** 0 for the root. */
  parentId: Type.Integer(),
  name: Type.String(),
  /** Members whose store it is, without those who left. */
  members: Type.Integer(),
  store: SaveStore,
})
export type DepartmentView = Static<typeof DepartmentView>
export const DepartmentTree = Type.Object({ departments: Type.Array(DepartmentView) })
export type DepartmentTree = Static<typeof DepartmentTree>

export const personStates = ['active', 'disabled', 'left'] as const
export const PersonView = Type.Object({
  userId: UserId,
  name: Type.String(),
  position: Type.String(),
  storeId: Type.String(),
  storeName: Type.String(),
  state: Type.Enum([...personStates]),
  /** Has customer contact (客户联系) and stands in the app's visible range. */
  canServe: Type.Boolean(),
  /** Customers he follows now; of somebody who left: those nobody took over yet. */
  customers: Type.Integer(),
  /** null for who may not open the admin panel. */
  role: Type.Union([AdminRole, Type.Null()]),
  scope: Type.Union([DataScope, Type.Null()]),
  /** An owner by configuration; cannot be changed here. */
  isConfigured: Type.Boolean(),
})
export type PersonView = Static<typeof PersonView>

export const PeopleQuery = Type.Object(
  {
    ...pageFields,
    /** Only this department, with all below it. */
    departmentId: Type.Optional(DepartmentId),
    /** Part of a name, or the beginning of a userid. */
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f]+$' })),
    state: Type.Optional(Type.Enum([...personStates])),
    /** `admins`: only who has a role. */
    who: Type.Optional(Type.Enum(['admins'])),
  },
  { additionalProperties: false },
)
export type PeopleQuery = Static<typeof PeopleQuery>
export const PeoplePage = Type.Object({ people: Type.Array(PersonView), next: NextPage })
export type PeoplePage = Static<typeof PeoplePage>
export const PersonParams = Type.Object({ userId: UserId })
export const DepartmentParams = Type.Object({ departmentId: Type.String({ pattern: '^[1-9]\\d{0,9}$' }) })
