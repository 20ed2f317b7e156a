import { adminRoles, type DataScope } from '@guidebar/contracts'
import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const scopeSchema = new Schema(
  {
    kind: { type: String, enum: ['all', 'region', 'store', 'self'], required: true },
    departmentIds: { type: [Number], default: undefined },
  },
  { strict: 'throw', strictQuery: 'throw', _id: false },
)

const roleAssignmentSchema = new Schema(
  {
    /** `corpId/userId` in small letters: WeCom takes a userid in any case. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    role: { type: String, enum: adminRoles, required: true },
    scope: { type: scopeSchema, required: true },
    /** Who gave it; `first-admin` for who came with the one-time code. */
    givenBy: { type: String, required: true },
    givenAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// list: everybody with a role; countOwners.
roleAssignmentSchema.index({ corpId: 1, role: 1, userId: 1 })

export type RoleAssignment = Omit<InferSchemaType<typeof roleAssignmentSchema>, 'scope'> & { scope: DataScope }
export const roleAssignmentModel = (db: Connection) =>
  db.model('RoleAssignment', roleAssignmentSchema, 'roleAssignments')
