import { Schema, type Connection } from 'mongoose'

const processSchema = new Schema(
  { _id: { type: String, required: true }, seenAt: { type: Date, required: true } },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'serverProcesses' },
)

export const processModel = (db: Connection) => db.model('ServerProcess', processSchema)
