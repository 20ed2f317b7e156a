import { randomBytes } from 'node:crypto'

import { type Connection, trusted, Types } from 'mongoose'

import { type Asset, assetModel, mediaIdModel } from './asset.model.ts'

export type StoredAsset = { assetId: string; corpId: string; contentType: string; name: string; bytes: Buffer }
type NewAsset = Pick<Asset, 'corpId' | 'sha256' | 'contentType' | 'name' | 'createdAt'> & { bytes: Buffer }
export type AssetRepository = ReturnType<typeof createAssetRepository>

export function createAssetRepository(db: Connection) {
  const assets = assetModel(db)
  const mediaIds = mediaIdModel(db)

  return {
    /** Stores the picture unless the corp has it. @returns the id it is known by */
    async keep({ corpId, sha256, ...rest }: NewAsset): Promise<string> {
      const row = await assets
        .findOneAndUpdate(
          { corpId, sha256 },
          { $setOnInsert: { _id: new Types.ObjectId(randomBytes(12)), ...rest } },
          { upsert: true, returnDocument: 'after', projection: { _id: 1 } },
        )
        .orFail()
        .lean()
      return String(row._id)
    },

    async find(assetId: string): Promise<StoredAsset | null> {
      const row = await assets.findById(assetId).lean()
      if (!row) return null
      // `lean` hands over the driver's Binary.
      const bytes = Buffer.from((row.bytes as unknown as { buffer: Uint8Array }).buffer)
      return { assetId, corpId: row.corpId, contentType: row.contentType, name: row.name, bytes }
    },

    async findExisting(corpId: string, assetIds: string[]): Promise<string[]> {
      const rows = await assets.find({ _id: trusted({ $in: assetIds }), corpId }, { _id: 1 }).lean()
      return rows.map((row) => String(row._id))
    },

    /** The kinds of those ids that the corp has. */
    async findTypes(corpId: string, assetIds: string[]): Promise<Map<string, string>> {
      const rows = await assets.find({ _id: trusted({ $in: assetIds }), corpId }, { contentType: 1 }).lean()
      return new Map(rows.map((row) => [String(row._id), row.contentType]))
    },

    async findMediaId(assetId: string): Promise<{ mediaId: string; uploadedAt: Date } | null> {
      const row = await mediaIds.findById(assetId).lean()
      return row?.mediaId && row.uploadedAt ? { mediaId: row.mediaId, uploadedAt: row.uploadedAt } : null
    },

    /** Pictures that WeCom has got since then. */
    async findUploadedSince(corpId: string, oldest: Date): Promise<string[]> {
      const rows = await mediaIds.find({ corpId, uploadedAt: trusted({ $gt: oldest }) }, { _id: 1 }).lean()
      return rows.map((row) => String(row._id))
    },

    /** Takes the right to upload this picture. By the database's clock, since processes may disagree. */
    async takeLease(asset: { assetId: string; corpId: string; holder: string; leaseMs: number }): Promise<boolean> {
      const free = { $lte: [{ $ifNull: ['$leaseUntil', new Date(0)] }, '$$NOW'] }
      const row = await mediaIds
        .findOneAndUpdate(
          { _id: asset.assetId },
          [
            {
              $set: {
                corpId: asset.corpId,
                leaseHolder: { $cond: [free, asset.holder, '$leaseHolder'] },
                leaseUntil: { $cond: [free, { $add: ['$$NOW', asset.leaseMs] }, '$leaseUntil'] },
              },
            },
          ],
          { upsert: true, returnDocument: 'after', updatePipeline: true },
        )
        .lean()
      return row?.leaseHolder === asset.holder
    },

    /** Writes the new id and ends the lease, unless the lease went to somebody else in the meantime. */
    async finishUpload(assetId: string, holder: string, upload: { mediaId: string; uploadedAt: Date } | null) {
      await mediaIds
        .updateOne({ _id: assetId, leaseHolder: holder }, { $set: { ...upload, leaseUntil: new Date(0) } })
        .exec()
    },
  }
}
