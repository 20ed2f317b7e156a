import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const chatSchema = new Schema(
  {
    /** `corpId/chatId` */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    chatId: { type: String, required: true },
    status: { type: String, enum: ['active', 'dismissed'], required: true },
    /** WeCom's number of the member list after the last change that we know of; null = none known yet. */
    memberVersion: { type: String, default: null },
    /** The last ones, so that an event that comes again is not taken for a lost one. */
    recentVersions: { type: [String], default: [] },
    /** Since when an event about the members is missing; null = none is. */
    staleSince: { type: Date, default: null },
    lastEventAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'chats' },
)

export type Chat = InferSchemaType<typeof chatSchema>
export const chatModel = (db: Connection) => db.model('Chat', chatSchema)
