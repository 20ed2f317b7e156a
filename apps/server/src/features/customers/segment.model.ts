import type { SegmentGroup } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export type Segment = {
  _id: Types.ObjectId
  corpId: string
  name: string
  definition: SegmentGroup
  /** Made by somebody who sees the whole corp: everybody may use it. Others see their own beside those. */
  ofCorp: boolean
  /** Grows with every change: an editor that saw another one does not overwrite it. */
  version: number
  createdBy: string
  changedBy: string
  changedAt: Date
}

const segmentSchema = new Schema<Segment>(
  {
    corpId: { type: String, required: true },
    name: { type: String, required: true },
    definition: { type: Schema.Types.Mixed, required: true },
    ofCorp: { type: Boolean, required: true },
    version: { type: Number, required: true },
    createdBy: { type: String, required: true },
    changedBy: { type: String, required: true },
    changedAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'segments', minimize: false },
)
// list: by name; a name stands for one segment.
segmentSchema.index({ corpId: 1, name: 1 }, { unique: true })

export const segmentModel = (db: Connection) => db.model('Segment', segmentSchema)
