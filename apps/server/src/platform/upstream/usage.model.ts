import { Schema, type Connection } from 'mongoose'

const counted = (key: object) => [new Schema({ ...key, count: Number }, { _id: false })]

const apiUsageSchema = new Schema(
  {
    /** Corp, minute and process. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    minute: { type: Date, required: true },
    processId: { type: String, required: true },
    apis: [
      new Schema(
        {
          path: String,
          calls: Number,
          refusals: counted({ errcode: Number }),
          noAnswer: counted({ reason: String }),
          spent: counted({ lane: String, purpose: String }),
          ms: { sum: Number, most: Number, answered: Number, classes: [Number] },
        },
        { _id: false },
      ),
    ],
    endsAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'apiUsage' },
)
// listSince: the last hour of a corp.
apiUsageSchema.index({ corpId: 1, minute: -1 })
// sweep
apiUsageSchema.index({ endsAt: 1 })

export const apiUsageModel = (db: Connection) => db.model('ApiUsage', apiUsageSchema)
