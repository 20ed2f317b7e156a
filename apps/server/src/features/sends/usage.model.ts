import { type Connection, Schema } from 'mongoose'

/** How often one item (a quick reply or a card) was sent on one day: a row a guide, and one for the whole corp. */
const usageSchema = new Schema(
  {
    corpId: { type: String, required: true },
    /** WeCom userid of the guide; empty in the row of the whole corp. */
    userId: { type: String, default: '' },
    /** Calendar day in Beijing. */
    day: { type: String, required: true },
    itemId: { type: Schema.Types.ObjectId, required: true },
    count: { type: Number, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// One counter an item, guide and day; countSince: everything one guide or the corp used since a day.
usageSchema.index({ corpId: 1, userId: 1, day: 1, itemId: 1 }, { unique: true })

export const usageModel = (db: Connection) => db.model('Usage', usageSchema, 'usages')
