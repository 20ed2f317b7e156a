import type { ContactRules } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

type StoredRules = ContactRules & { _id: string; updatedAt: Date; byUserId: string }

/** One row a corp; without one the built-in rules hold. */
const contactRulesSchema = new Schema<StoredRules>(
  {
    /** The corp. */
    _id: { type: String, required: true },
    perDay: { type: Number, required: true },
    perMonth: { type: Number, required: true },
    quietFrom: { type: String, required: true },
    quietTo: { type: String, required: true },
    updatedAt: { type: Date, required: true },
    byUserId: { type: String, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'contactRules' },
)
export const contactRulesModel = (db: Connection) => db.model('ContactRules', contactRulesSchema)
