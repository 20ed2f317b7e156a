import { Schema, type Connection, type InferSchemaType } from 'mongoose'

const customerSchema = new Schema(
  {
    /** `corpId/externalUserId`: the key that sync and callbacks upsert on, and the only index: it also serves the count. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    /** WeChat nickname, or display name of a WeCom user; may be empty. */
    name: { type: String, default: '' },
    avatarUrl: { type: String, default: null },
    /** WeCom: 0 unknown, 1 male, 2 female. */
    gender: { type: Number, required: true },
    /** 1 WeChat user, 2 WeCom user of another corp. */
    type: { type: Number, required: true },
    corpName: { type: String, default: null },
    /** Leads to the member of the shop; null when the corp bound no WeChat developer account. */
    unionId: { type: String, default: null },
    /** Over what WeCom says, so that equal content costs no write. */
    contentHash: { type: String, required: true },
    /** When the read of WeCom that this comes from began. */
    readBeganAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)

export type Customer = InferSchemaType<typeof customerSchema>
export const customerModel = (db: Connection) => db.model('Customer', customerSchema)
