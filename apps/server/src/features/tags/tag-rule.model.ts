import type { TagDirection } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

/** Which way a tag travels between WeCom and the firm's CRM; a tag without a rule travels nowhere. */
export type TagRule = {
  /** `corpId/tagId` */
  _id: string
  corpId: string
  tagId: string
  direction: TagDirection
}

const tagRuleSchema = new Schema<TagRule>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    tagId: { type: String, required: true },
    direction: { type: String, enum: ['none', 'in', 'out', 'both'], required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'tagRules' },
)
// list: all rules of a corp.
tagRuleSchema.index({ corpId: 1 })

export const tagRuleModel = (db: Connection) => db.model('TagRule', tagRuleSchema)
