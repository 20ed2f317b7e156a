import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const departmentSchema = new Schema(
  {
    /** `corpId/departmentId` */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    departmentId: { type: Number, required: true },
    name: { type: String, default: '' },
    /** 0 for the root. */
    parentId: { type: Number, required: true },
    order: { type: Number, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// list: a corp's whole tree.
departmentSchema.index({ corpId: 1, departmentId: 1 })

export type Department = InferSchemaType<typeof departmentSchema>
export const departmentModel = (db: Connection) => db.model('Department', departmentSchema)
