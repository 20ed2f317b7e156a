import { Type, type Static } from 'typebox'
import { answer, NumberOrText } from './common.ts'

export const MediaType = Type.Union([
  Type.Literal('image'),
  Type.Literal('voice'),
  Type.Literal('video'),
  Type.Literal('file'),
])
export type MediaType = Static<typeof MediaType>

/** Query of the upload; the bytes go as the multipart field `media`. */
export const MediaUploadRequest = Type.Object({ type: MediaType })
export type MediaUploadRequest = Static<typeof MediaUploadRequest>

/**
 * A media_id lives three days.
 * @see https://developer.work.weixin.qq.com/document/path/90253
 */
export const MediaUploadAnswer = answer({
  type: Type.Optional(Type.String()),
  media_id: Type.String({ minLength: 1 }),
  /** Unix seconds, printed as text. */
  created_at: NumberOrText,
})
export type MediaUploadAnswer = Static<typeof MediaUploadAnswer>
