import { Schema, type Connection } from 'mongoose'

/** A tag group that not everybody may see. WeCom knows nothing of it, so it is kept apart from our copy of the library. */
export type SensitiveGroup = {
  /** `corpId/groupId` */
  _id: string
  corpId: string
  groupId: string
}

const sensitiveGroupSchema = new Schema<SensitiveGroup>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    groupId: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'sensitiveTagGroups' },
)
// list: all of a corp.
sensitiveGroupSchema.index({ corpId: 1 })

export const sensitiveGroupModel = (db: Connection) => db.model('SensitiveTagGroup', sensitiveGroupSchema)
