import { mediaLimits } from '@guidebar/contracts'
import sharp from 'sharp'

import { AppError } from '../../platform/errors.ts'

export type Picture = { bytes: Buffer; contentType: 'image/png' | 'image/jpeg'; width: number; height: number }

/** Longest side a chat shows. */
const longestSide = 1_600
/** WeChat draws a card's cover 5:4; twice the 520 × 416 it asks for, for sharp screens. */
const cover = { width: 1_040, height: 832 } as const

/** What a file is by its first bytes: a name or a header says whatever the sender likes. */
export function sniffPicture(bytes: Buffer): 'png' | 'jpeg' | 'webp' | 'gif' | null {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'png'
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'jpeg'
  const riff = bytes.subarray(0, 4).toString('latin1') === 'RIFF'
  if (riff && bytes.subarray(8, 12).toString('latin1') === 'WEBP') return 'webp'
  return /^GIF8[79]a/.test(bytes.subarray(0, 6).toString('latin1')) ? 'gif' : null
}

/**
 * Draws an uploaded picture anew: nothing of the file survives but what one sees, so neither what hides in it nor where
 * it was taken.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE unless it is PNG, JPEG, WebP or GIF through and through; PAYLOAD_TOO_LARGE
 */
export async function redrawPicture(upload: Buffer, use: 'picture' | 'cover'): Promise<Picture> {
  if (upload.length > mediaLimits.uploadBytes) throw new AppError('PAYLOAD_TOO_LARGE', `${upload.length} bytes`)
  if (!sniffPicture(upload)) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'neither PNG, JPEG, WebP nor GIF')
  try {
    return await redraw(upload, use)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'the picture cannot be read', { cause: error })
  }
}

async function redraw(upload: Buffer, use: 'picture' | 'cover'): Promise<Picture> {
  const limitInputPixels = mediaLimits.megapixels * 1_000_000
  const source = sharp(upload, { limitInputPixels, failOn: 'error', pages: 1 }).autoOrient()
  const { hasAlpha } = await source.metadata()
  const sized =
    use === 'cover'
      ? source.resize({ ...cover, fit: 'cover' })
      : source.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
  // Only what is seen through needs PNG, and a cover is never seen through.
  if (hasAlpha && use === 'picture') {
    const png = await sized.clone().png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true })
    if (png.data.length <= mediaLimits.keptBytes) return toPicture(png, 'image/png')
  }
  for (const quality of [86, 74, 60]) {
    const jpeg = await sized
      .clone()
      .flatten({ background: '#ffffff' })
      .jpeg({ quality, mozjpeg: true })
      .toBuffer({ resolveWithObject: true })
    if (jpeg.data.length <= mediaLimits.keptBytes) return toPicture(jpeg, 'image/jpeg')
  }
  throw new AppError('PAYLOAD_TOO_LARGE', 'the picture does not get small enough')
}

const toPicture = (
  { data, info }: { data: Buffer; info: { width: number; height: number } },
  contentType: Picture['contentType'],
): Picture => ({ bytes: data, contentType, width: info.width, height: info.height })
