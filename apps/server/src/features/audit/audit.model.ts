import { Schema, type Connection, type InferSchemaType } from 'mongoose'

export const auditActions = [
  'note.sensitive-read',
  'note.sensitive-written',
  'match.searched',
  'match.confirmed',
  'contact.preferences-changed',
  'contact.do-not-disturb-overridden',
  'rules.actions-changed',
  'rules.contact-changed',
  'knowledge.saved',
  'article.saved',
  'task.created',
  'reply.proposal-decided',
] as const
export type AuditAction = (typeof auditActions)[number]

/** Who did what to what, and when. Written once, never changed: ids and codes, no personal data. */
const auditSchema = new Schema(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    actorUserId: { type: String, required: true },
    action: { type: String, enum: auditActions, required: true },
    /** What it was done to: an id of ours or a customer's id. */
    target: { type: String, required: true },
    details: { type: Schema.Types.Mixed, default: {} },
    at: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'auditRows', minimize: false },
)
// What happened in a corp, newest first; what one member did.
auditSchema.index({ corpId: 1, at: -1, _id: -1 })
auditSchema.index({ corpId: 1, actorUserId: 1, at: -1 })

export type AuditRow = InferSchemaType<typeof auditSchema>
export const auditModel = (db: Connection) => db.model('AuditRow', auditSchema)
