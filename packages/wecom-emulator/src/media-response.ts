import type { MediaRecord } from './state/media.store.ts'

/**
 * A file as HTTP, whole or the one range asked for (`bytes=a-b`, `bytes=a-`, `bytes=-n`).
 * @returns 200, 206, or 416 when the range lies outside
 */
export function toMediaResponse(
  media: MediaRecord,
  range: string | null,
): { status: number; headers: Record<string, string>; body: Buffer } {
  const total = media.bytes.length
  const headers: Record<string, string> = {
    'content-type': media.contentType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(media.filename)}`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  }
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!asked || (!asked[1] && !asked[2])) return { status: 200, headers, body: media.bytes }
  const from = asked[1] ? Number(asked[1]) : Math.max(0, total - Number(asked[2]))
  const to = asked[1] && asked[2] ? Math.min(Number(asked[2]), total - 1) : total - 1
  if (from > to)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${total}` }, body: Buffer.alloc(0) }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${from}-${to}/${total}` },
    body: media.bytes.subarray(from, to + 1),
  }
}
