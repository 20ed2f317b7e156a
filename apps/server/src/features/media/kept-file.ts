import type { AssetType } from './asset.model.ts'

/** How WeCom names what it is handed. */
export type MediaKind = 'image' | 'file' | 'video'

const office: Record<string, AssetType> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
}

export function toMediaKind(contentType: string): MediaKind {
  if (contentType.startsWith('image/')) return 'image'
  return contentType.startsWith('video/') ? 'video' : 'file'
}

/**
 * What a document or a film is: its first bytes and the ending of its name must agree, because the customer's phone goes
 * by the ending.
 * @returns null for anything but PDF, Word, Excel, PowerPoint and MP4
 */
export function sniffFile(bytes: Buffer, name: string): AssetType | null {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const starts = (text: string, from = 0) => bytes.subarray(from, from + text.length).toString('latin1') === text
  if (ending === 'pdf' && starts('%PDF-')) return 'application/pdf'
  if (ending === 'mp4' && starts('ftyp', 4)) return 'video/mp4'
  return starts('PK\u0003\u0004') ? (office[ending] ?? null) : null
}
