import { Schema, type Connection, type InferSchemaType } from 'mongoose'

/** What was done, as `feature.verb`; the screen has its words under `FEATURE.audit.VERB`. */
export type AuditAction = `${Lowercase<string>}.${Lowercase<string>}`
const actionPattern = /^[a-z][a-z-]*\.[a-z][a-z-]*$/

/** Who did what to what, when and from where. Written once, never changed: ids and codes, no personal data. */
const auditSchema = new Schema(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    /** Place in the corp's chain; 1 is the first. */
    seq: { type: Number, required: true },
    actorUserId: { type: String, required: true },
    action: { type: String, match: actionPattern, required: true },
    /** What it was done to: an id of ours or a customer's id. */
    target: { type: String, required: true },
    details: { type: Schema.Types.Mixed, default: {} },
    /** What stood there before and after, as JSON text; null where there is nothing to show. */
    before: { type: String, default: null },
    after: { type: String, default: null },
    /** Address the request came from; empty for work without a request. */
    ip: { type: String, default: '' },
    /** Finds the request in the log. */
    requestId: { type: String, default: '' },
    at: { type: Date, required: true },
    prevHash: { type: String, required: true },
    /** Over all of the above and the row before. */
    hash: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'auditRows', minimize: false },
)
// append: one row for each place. verify: the chain from its beginning. list: newest first.
auditSchema.index({ corpId: 1, seq: 1 }, { unique: true })
// list: what one member did; what was done to one thing; one kind of act.
auditSchema.index({ corpId: 1, actorUserId: 1, seq: -1 })
auditSchema.index({ corpId: 1, target: 1, seq: -1 })
auditSchema.index({ corpId: 1, action: 1, seq: -1 })

export type AuditRow = InferSchemaType<typeof auditSchema>
export const auditModel = (db: Connection) => db.model('AuditRow', auditSchema)

/** How far the chain has come, kept beside it: rows that are missing at its end are seen. */
const auditHeadSchema = new Schema(
  {
    /** corpId */
    _id: { type: String, required: true },
    seq: { type: Number, required: true },
    hash: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'auditHeads' },
)

export type AuditHead = InferSchemaType<typeof auditHeadSchema>
export const auditHeadModel = (db: Connection) => db.model('AuditHead', auditHeadSchema)
