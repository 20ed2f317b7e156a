import { Type, type Static } from 'typebox'

import { ObjectIdText } from './ids.ts'
import { SearchKeys } from './search-keys.ts'

/** corp: everybody's · store: one store's · personal: one guide's own, seen by no other guide. */
export const ReplyScope = Type.Union([Type.Literal('corp'), Type.Literal('store'), Type.Literal('personal')])
export type ReplyScope = Static<typeof ReplyScope>

/** Text may hold variables: `{{customer.name|亲}}`, `{{guide.name}}`, `{{store.name}}`. At most 4,000 bytes of UTF-8. */
export const TextPart = Type.Object(
  { type: Type.Literal('text'), text: Type.String({ minLength: 1, maxLength: 4000 }) },
  { additionalProperties: false },
)
/** An image we keep; its WeCom media id is made fresh when it is sent. `url` is ours, for the preview. */
export const ImagePart = Type.Object(
  {
    type: Type.Literal('image'),
    assetId: ObjectIdText,
    name: Type.String({ maxLength: 100 }),
    url: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
const keptFile = {
  assetId: ObjectIdText,
  /** The name that the customer sees, with its ending. */
  name: Type.String({ minLength: 1, maxLength: 100 }),
  url: Type.Optional(Type.String()),
}
/** A document we keep; handed to WeCom as an image is. */
export const FilePart = Type.Object({ type: Type.Literal('file'), ...keptFile }, { additionalProperties: false })
/** A film we keep: MP4. */
export const VideoPart = Type.Object({ type: Type.Literal('video'), ...keptFile }, { additionalProperties: false })
/** A web page as a link message: title ≤ 128 bytes, description ≤ 512 bytes; some clients refuse one without a cover. */
export const LinkPart = Type.Object(
  {
    type: Type.Literal('link'),
    title: Type.String({ minLength: 1, maxLength: 128 }),
    description: Type.String({ maxLength: 512 }),
    url: Type.String({ minLength: 8, maxLength: 2048, pattern: '^https?://' }),
    imageUrl: Type.String({ minLength: 8, maxLength: 2048, pattern: '^https?://' }),
  },
  { additionalProperties: false },
)
/** A mini-program card of the catalogue; it gets its own attribution token when it is sent. */
export const CardPart = Type.Object(
  { type: Type.Literal('card'), cardId: ObjectIdText },
  { additionalProperties: false },
)
export const ReplyPart = Type.Union([TextPart, ImagePart, FilePart, VideoPart, LinkPart, CardPart])
export type ReplyPart = Static<typeof ReplyPart>

export const QuickReplyView = Type.Object({
  id: ObjectIdText,
  scope: ReplyScope,
  folder: Type.String(),
  title: Type.String(),
  /** Typed after `/`; empty when it has none. */
  shortcut: Type.String(),
  /** One part is a single message; several are sent one after another. */
  parts: Type.Array(ReplyPart),
  keys: SearchKeys,
  /** How often the whole corp sent it in the last 30 days. */
  teamUses: Type.Integer(),
  /** How often this guide sent it in the last 30 days. */
  ownUses: Type.Integer(),
})
export type QuickReplyView = Static<typeof QuickReplyView>

/** All replies this guide may use. `version` changes when any of them does. */
export const QuickReplyLibrary = Type.Object({ version: Type.String(), replies: Type.Array(QuickReplyView) })
export type QuickReplyLibrary = Static<typeof QuickReplyLibrary>

/** A guide's own reply, new or changed. */
export const SaveQuickReply = Type.Object(
  {
    folder: Type.String({ maxLength: 30, default: '' }),
    title: Type.String({ minLength: 1, maxLength: 40 }),
    shortcut: Type.String({ maxLength: 12, pattern: '^[A-Za-z0-9]*$', default: '' }),
    parts: Type.Array(ReplyPart, { minItems: 1, maxItems: 9 }),
  },
  { additionalProperties: false },
)
export type SaveQuickReply = Static<typeof SaveQuickReply>
export const QuickReplyParams = Type.Object({ replyId: ObjectIdText }, { additionalProperties: false })
