import { Schema, type Connection } from 'mongoose'

/** A customer group as WeCom told it last. */
export type Group = {
  /** `corpId/chatId` */
  _id: string
  corpId: string
  chatId: string
  name: string
  ownerUserId: string
  notice: string
  memberUserIds: string[]
  customers: number
  createdAt: Date
  readAt: Date
}

const groupSchema = new Schema<Group>(
  {
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    chatId: { type: String, required: true },
    name: { type: String, default: '' },
    ownerUserId: { type: String, required: true },
    notice: { type: String, default: '' },
    memberUserIds: { type: [String], default: [] },
    customers: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    readAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'groupChats' },
)
export const groupModel = (db: Connection) => db.model('GroupChat', groupSchema)
