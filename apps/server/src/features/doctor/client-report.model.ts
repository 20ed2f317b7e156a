import type { ClientReport } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

export type ClientReportRow = ClientReport & { corpId: string; at: Date }

const clientReportSchema = new Schema(
  {
    corpId: { type: String, required: true },
    href: { type: String, required: true },
    signedUrl: { type: String, default: null },
    sdkVersion: { type: String, required: true },
    wecomVersion: { type: String, default: null },
    platform: { type: String, required: true },
    entry: { type: String, default: null },
    error: { type: Schema.Types.Mixed, default: null },
    at: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'clientReports', minimize: false },
)
// listLatest. sweep.
clientReportSchema.index({ corpId: 1, at: -1 })
clientReportSchema.index({ at: 1 })

export const clientReportModel = (db: Connection) => db.model('ClientReport', clientReportSchema)

const doctorProbeSchema = new Schema(
  {
    /** The word in the probe's path: random, and good for a minute. */
    _id: { type: String, required: true },
    host: { type: String, default: null },
    scheme: { type: String, default: null },
    endsAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'doctorProbes' },
)
export const doctorProbeModel = (db: Connection) => db.model('DoctorProbe', doctorProbeSchema)

const doctorReportSchema = new Schema(
  {
    /** `all`: the last look at everything. */
    _id: { type: String, required: true },
    found: { type: [Schema.Types.Mixed], required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'doctorReports', minimize: false },
)
export const doctorReportModel = (db: Connection) => db.model('DoctorReport', doctorReportSchema)
