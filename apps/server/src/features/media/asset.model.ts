import { type Connection, type InferSchemaType, Schema } from 'mongoose'

/** What is kept, by what its first bytes say. */
export const assetTypes = [
  'image/png',
  'image/jpeg',
  'video/mp4',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
] as const
export type AssetType = (typeof assetTypes)[number]

const assetSchema = new Schema(
  {
    /** 96 random bits, not the usual counter: the address of a picture must not be guessable. */
    _id: { type: Schema.Types.ObjectId, required: true },
    corpId: { type: String, required: true },
    sha256: { type: String, required: true },
    contentType: { type: String, required: true, enum: assetTypes },
    name: { type: String, default: '' },
    bytes: { type: Buffer, required: true },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// keep: the same picture is stored once a corp.
assetSchema.index({ corpId: 1, sha256: 1 }, { unique: true })

export type Asset = InferSchemaType<typeof assetSchema>
export const assetModel = (db: Connection) => db.model('Asset', assetSchema)

/** WeCom's id of a picture, apart from its bytes so that a renewal does not write them again. */
const mediaIdSchema = new Schema(
  {
    /** The asset. An asset belongs to one corp, and so does the media id. */
    _id: { type: Schema.Types.ObjectId, required: true },
    corpId: { type: String, required: true },
    mediaId: { type: String },
    uploadedAt: { type: Date },
    /** Who uploads now, and until when the others believe it. */
    leaseHolder: { type: String },
    leaseUntil: { type: Date },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// findUploadedSince: which ones WeCom would soon forget.
mediaIdSchema.index({ corpId: 1, uploadedAt: 1 })

export const mediaIdModel = (db: Connection) => db.model('MediaId', mediaIdSchema)
