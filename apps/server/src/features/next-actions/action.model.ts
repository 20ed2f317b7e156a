import { actionRuleNames, type ActionRule } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

export type StoredRule = ActionRule & { _id: string; corpId: string; updatedAt: Date; byUserId: string }

/** A rule that an admin has tuned; the others are as built in. */
const ruleSchema = new Schema<StoredRule>(
  {
    /** `corpId/rule` */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    rule: { type: String, enum: actionRuleNames, required: true },
    isOn: { type: Boolean, required: true },
    days: { type: Number, required: true },
    replyId: { type: String, default: null },
    cardId: { type: String, default: null },
    interests: { type: [Schema.Types.Mixed], default: [] } as never,
    updatedAt: { type: Date, required: true },
    byUserId: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'actionRules' },
)
// list: all of a corp.
ruleSchema.index({ corpId: 1 })
export const ruleModel = (db: Connection) => db.model('ActionRule', ruleSchema)

/** An occasion a guide has put away. */
export type PutAway = {
  /** `corpId/userId/externalUserId/key` */
  _id: string
  corpId: string
  userId: string
  externalUserId: string
  key: string
  until: Date
}
const putAwaySchema = new Schema<PutAway>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    key: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'actionPutAways' },
)
// listOf: of a guide, with one customer or with all.
putAwaySchema.index({ corpId: 1, userId: 1, externalUserId: 1 })
// Gone by itself when it holds no longer.
putAwaySchema.index({ until: 1 }, { expireAfterSeconds: 0 })
export const putAwayModel = (db: Connection) => db.model('ActionPutAway', putAwaySchema)
