import { Schema, type Connection } from 'mongoose'

const sharedStateSchema = new Schema(
  {
    /** What it is the state of, e.g. `api:CORP:externalcontact/get`. */
    _id: { type: String, required: true },
    /** Grows with each change: whoever changes an older one has to look again. */
    version: { type: Number, required: true },
    state: { type: Schema.Types.Mixed },
    touchedAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, minimize: false, collection: 'upstreamStates' },
)

export const sharedStateModel = (db: Connection) => db.model('UpstreamState', sharedStateSchema)
