import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

import { mediaLimits, type KeptFile, type KeptMedia } from '@guidebar/contracts'

import type { Clock, Corp } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { AssetRepository, StoredAsset } from './asset.repository.ts'
import { sniffFile, toMediaKind, type MediaKind } from './kept-file.ts'
import { redrawPicture, sniffPicture } from './picture.ts'

/** WeCom takes more, but 2 MB is the least of its limits for pictures and plenty for a chat. */
const maxAssetBytes = 2_000_000
/** WeCom keeps a media id three days; half a day is left for the guide to press «send». */
const mediaIdMaxAgeMs = 2.5 * 24 * 3_600_000
/** The job that renews them runs several times a day, so this leaves a day for WeCom to be away. */
const refreshAgeMs = 1.8 * 24 * 3_600_000
const leaseMs = 20_000
const waitForOtherMs = 12_000
const lookAgainMs = 150

export type MediaService = ReturnType<typeof createMediaService>
type MediaDeps = { assets: AssetRepository; publicUrl: string; clock: Clock }

/** Pictures of cards and replies: kept by us, and handed to WeCom when one is sent as a message. */
export function createMediaService({ assets, publicUrl, clock }: MediaDeps) {
  const uploading = new Map<string, Promise<string>>()

  const oldestFresh = () => new Date(clock.now().getTime() - mediaIdMaxAgeMs)

  async function readFresh(assetId: string, oldest = oldestFresh()): Promise<string | null> {
    const known = await assets.findMediaId(assetId)
    return known && known.uploadedAt > oldest ? known.mediaId : null
  }

  async function upload(corp: Corp, asset: StoredAsset, holder: string, oldest: Date): Promise<string> {
    let done: { mediaId: string; uploadedAt: Date } | null = null
    try {
      // Another process may have finished between our look and our lease.
      const fresh = await readFresh(asset.assetId, oldest)
      if (fresh) return fresh
      const uploadedAt = clock.now()
      const kind = toMediaKind(asset.contentType)
      const extension = asset.contentType === 'image/png' ? 'png' : 'jpg'
      const { mediaId } = await corp.wecom.media.upload({
        type: kind,
        // The customer sees the name of a file, and none of a picture.
        filename: kind === 'image' ? `${asset.assetId}.${extension}` : asset.name,
        contentType: asset.contentType,
        bytes: asset.bytes,
      })
      done = { mediaId, uploadedAt }
      return mediaId
    } catch (error) {
      throw toAppError(error)
    } finally {
      await assets.finishUpload(asset.assetId, holder, done)
    }
  }

  async function renew(corp: Corp, assetId: string, oldest = oldestFresh()): Promise<string> {
    const asset = await assets.find(assetId)
    if (asset?.corpId !== corp.corpId) throw new AppError('NOT_FOUND', `no asset ${assetId} in this corp`)

    const holder = randomUUID()
    const giveUpAt = Date.now() + waitForOtherMs
    while (Date.now() < giveUpAt) {
      if (await assets.takeLease({ assetId, corpId: corp.corpId, holder, leaseMs }))
        return upload(corp, asset, holder, oldest)
      await delay(lookAgainMs)
      const fresh = await readFresh(assetId, oldest)
      if (fresh) return fresh
    }
    throw new AppError('WECOM_UNAVAILABLE', `another process uploads asset ${assetId} and does not finish`, {
      retryAfterSec: 5,
    })
  }

  return {
    /**
     * Keeps a picture of the corp; the same bytes are kept once.
     * @param picture PNG or JPEG by its first bytes, at most 2 MB
     * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
     */
    async keepAsset(corpId: string, { bytes, name = '' }: { bytes: Buffer; name?: string }): Promise<string> {
      if (bytes.length > maxAssetBytes) throw new AppError('PAYLOAD_TOO_LARGE', `a picture of ${bytes.length} bytes`)
      const kind = sniffPicture(bytes)
      if (kind !== 'png' && kind !== 'jpeg')
        throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'the first bytes are neither PNG nor JPEG')
      const contentType = `image/${kind}` as const
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return assets.keep({ corpId, sha256, contentType, name, bytes, createdAt: clock.now() })
    },

    /**
     * Keeps what an admin uploaded, drawn anew.
     * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
     */
    async keepUpload(corpId: string, upload: Buffer, use: 'picture' | 'cover'): Promise<KeptMedia> {
      const { bytes, contentType, width, height } = await redrawPicture(upload, use)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const assetId = await assets.keep({ corpId, sha256, contentType, name: '', bytes, createdAt: clock.now() })
      return { assetId, url: `${publicUrl}/media/${assetId}`, width, height, bytes: bytes.length }
    },

    /**
     * Keeps a document or a film an admin uploaded; the same bytes under another name are another file.
     * @param name as the customer will see it
     * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
     */
    async keepFile(corpId: string, { bytes, name }: { bytes: Buffer; name: string }): Promise<KeptFile> {
      if (bytes.length > mediaLimits.fileBytes)
        throw new AppError('PAYLOAD_TOO_LARGE', `a file of ${bytes.length} bytes`)
      const shown = toFileName(name)
      const contentType = sniffFile(bytes, shown)
      if (!contentType) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'neither PDF, Word, Excel, PowerPoint nor MP4')
      const sha256 = createHash('sha256').update(`${shown}\n`).update(bytes).digest('hex')
      const assetId = await assets.keep({ corpId, sha256, contentType, name: shown, bytes, createdAt: clock.now() })
      const kind = toMediaKind(contentType) === 'video' ? 'video' : 'file'
      return { assetId, url: `${publicUrl}/media/${assetId}`, kind, name: shown, bytes: bytes.length }
    },

    /**
     * Uploads anew what WeCom would soon forget, so that no guide waits for it.
     * @param assetIds pictures that may be sent at any time
     * @returns how many were uploaded, and how many WeCom did not take; those are tried again next time
     */
    async refresh(corp: Corp, assetIds: string[]): Promise<{ uploaded: number; failed: number }> {
      const oldest = new Date(clock.now().getTime() - refreshAgeMs)
      const fresh = new Set(await assets.findUploadedSince(corp.corpId, oldest))
      const result = { uploaded: 0, failed: 0 }
      for (const assetId of assetIds.filter((id) => !fresh.has(id))) {
        try {
          await renew(corp, assetId, oldest)
          result.uploaded += 1
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          result.failed += 1
        }
      }
      return result
    },

    find: (assetId: string) => assets.find(assetId),

    /** Which of these ids are pictures of this corp. */
    existing: (corpId: string, assetIds: string[]) => assets.findExisting(corpId, assetIds),

    /** What each of these ids is; ids that the corp does not have are missing. */
    async kinds(corpId: string, assetIds: string[]): Promise<Map<string, MediaKind>> {
      if (assetIds.length === 0) return new Map()
      const types = await assets.findTypes(corpId, assetIds)
      return new Map([...types].map(([assetId, type]) => [assetId, toMediaKind(type)]))
    },

    /** Full address, since the client's native code fetches it. */
    urlOf: (assetId: string) => `${publicUrl}/media/${assetId}`,

    /**
     * WeCom's id of the picture, young enough to be sent. Many callers, also in other processes, cause one upload.
     * @throws AppError NOT_FOUND when the corp has no such picture
     * @throws AppError WECOM_REFUSED, WECOM_BUSY, WECOM_NOT_SET_UP, WECOM_UNAVAILABLE when the upload fails
     * @see https://developer.work.weixin.qq.com/document/path/90253
     */
    async freshMediaId(corp: Corp, assetId: string): Promise<string> {
      const fresh = (await assets.findExisting(corp.corpId, [assetId])).length > 0 && (await readFresh(assetId))
      if (fresh) return fresh

      const key = `${corp.corpId}/${assetId}`
      const running = uploading.get(key) ?? renew(corp, assetId).finally(() => uploading.delete(key))
      uploading.set(key, running)
      return running
    },
  }
}

/** Without folders and without signs that file systems or headers stumble over. */
function toFileName(name: string): string {
  return name
    .replace(/^.*[\\/]/, '')
    .replace(/[\p{Cc}"<>:|?*]/gu, '_')
    .trim()
}
