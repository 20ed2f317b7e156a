import type { MediaUploadAnswer } from '@guidebar/wecom/wire'
import { HttpResponse } from 'msw'
import { toMediaResponse } from '../media-response.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { needQuery } from './parameters.ts'

const MiB = 1024 * 1024
const MIN_BYTES = 5

/** Temporary files. */
export const mediaHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<MediaUploadAnswer>({ method: 'POST', path: 'media/upload', level: 'full', rawBody: true, answer: upload }),
  define<Record<string, never>>({
    method: 'GET',
    path: 'media/get',
    level: 'full',
    answer({ world, query, request }) {
      const media = world.media.find(needQuery(query, 'media_id', 41006))
      if (!media) throw new WecomFault(40007)
      const { status, headers, body } = toMediaResponse(media, request.headers.get('range'))
      return new HttpResponse(new Uint8Array(body), { status, headers })
    },
  }),
]

const isJpeg = (bytes: Buffer) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
const isPng = (bytes: Buffer) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))
const isAmr = (bytes: Buffer) => bytes.subarray(0, 5).toString('latin1') === '#!AMR'
const isMp4 = (bytes: Buffer) => bytes.subarray(4, 8).toString('latin1') === 'ftyp'

const kinds = {
  image: { maxBytes: null, fits: (bytes: Buffer) => isJpeg(bytes) || isPng(bytes) },
  voice: { maxBytes: 2 * MiB, fits: isAmr },
  video: { maxBytes: 10 * MiB, fits: isMp4 },
  file: { maxBytes: 20 * MiB, fits: () => true },
} as const

async function upload({ world, query, request }: Call): Promise<MediaUploadAnswer> {
  const type = query.get('type') ?? ''
  if (!Object.hasOwn(kinds, type)) throw new WecomFault(40005)
  const kind = type as keyof typeof kinds
  const file = await readMediaField(request)
  const bytes = Buffer.from(await file.arrayBuffer())
  if (bytes.length === 0) throw new WecomFault(44001)
  if (bytes.length <= MIN_BYTES) throw new WecomFault(40006)
  if (bytes.length > (kinds[kind].maxBytes ?? world.settings.uncertain.imageMaxBytes)) throw new WecomFault(45001)
  if (!kinds[kind].fits(bytes)) throw new WecomFault(40004)

  const media = world.media.add({
    type: kind,
    filename: file.name,
    contentType: contentTypeOf(kind, bytes, file.type),
    bytes,
  })
  // Here errmsg is empty and the time is text, as the live service writes them.
  return { errmsg: '', type: kind, media_id: media.id, created_at: String(media.createdSec) }
}

async function readMediaField(request: Request): Promise<File> {
  let field: unknown
  try {
    field = (await request.formData()).get('media')
  } catch {
    throw new WecomFault(44001)
  }
  if (!(field instanceof File)) throw new WecomFault(44001)
  return field
}

/** The kind found in the bytes, never what the sender says of them: the answer may be shown in a browser. */
function contentTypeOf(kind: keyof typeof kinds, bytes: Buffer, claimed: string): string {
  if (kind === 'image') return isPng(bytes) ? 'image/png' : 'image/jpeg'
  if (kind === 'video') return 'video/mp4'
  if (kind === 'voice') return 'audio/amr'
  return claimed === 'application/pdf' ? claimed : 'application/octet-stream'
}
