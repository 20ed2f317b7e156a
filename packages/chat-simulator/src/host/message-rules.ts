import type { Entry } from './entries.ts'
import { compareVersions, isPhone, type Preset } from './presets.ts'

/** A message that the client may send, in the simulator's own words. */
export type SendableContent =
  | { type: 'text'; text: string }
  | { type: 'image' | 'video' | 'file'; mediaId: string }
  | { type: 'link'; title: string; description: string; url: string; imageUrl: string }
  | { type: 'card'; appId: string; title: string; imageUrl: string; page: string }

/** What the corp's servers know that a message needs. */
export interface MessageFacts {
  findMedia(mediaId: string): Promise<{ type: string; expired: boolean } | null>
  isMiniProgramLinked(appId: string): Promise<boolean>
}

/** `refusal` is the client's own text after `sendChatMessage:`; `why` is for people who read the log. */
export type MessageVerdict = { ok: true; content: SendableContent } | { ok: false; refusal: string; why: string }

type Fields = Record<string, unknown>

/**
 * Checks the argument of `sendChatMessage` as the client does.
 * @see https://developer.work.weixin.qq.com/document/path/94354
 */
export async function checkMessage(
  params: Fields,
  at: { preset: Preset; entry: Entry },
  facts: MessageFacts,
): Promise<MessageVerdict> {
  const msgtype = params.msgtype
  if (typeof msgtype !== 'string' || !msgtype) return refuse('fail_invalid param', 'msgtype is missing')

  switch (msgtype) {
    case 'text':
      return checkText(part(params, 'text'))
    case 'image':
    case 'video':
    case 'file':
      return checkMedia(msgtype, part(params, msgtype), facts)
    case 'news':
      return checkLink(part(params, 'news'), at.preset)
    case 'miniprogram':
      return checkCard(part(params, 'miniprogram'), at.preset, facts)
    default:
      // Menus and shop products exist only in the customer-service toolbar, which has no conversation here.
      return refuse('fail_unsupported msgtype', `msgtype ${msgtype} is not supported from ${at.entry}`)
  }
}

function checkText(text: Fields | null): MessageVerdict {
  const content = text?.content
  if (typeof content !== 'string') return refuse('fail_invalid param', 'text.content is missing')
  if (!content.trim()) return refuse('fail_content empty', 'text.content is empty')
  return { ok: true, content: { type: 'text', text: content } }
}

async function checkMedia(
  type: 'image' | 'video' | 'file',
  object: Fields | null,
  facts: MessageFacts,
): Promise<MessageVerdict> {
  const mediaId = filled(object, 'mediaid')
  if (!mediaId) return refuse('fail_invalid param', `${type}.mediaid is missing`)

  const media = await facts.findMedia(mediaId)
  if (!media) return refuse('fail_invalid param', 'no such media id in this corp')
  if (media.expired) return refuse('fail_invalid param', 'the media id is older than 3 days')
  if (media.type !== type) return refuse('fail_invalid param', `the media id is of type ${media.type}, not ${type}`)
  return { ok: true, content: { type, mediaId } }
}

function checkLink(news: Fields | null, preset: Preset): MessageVerdict {
  const url = filled(news, 'link')
  const title = filled(news, 'title')
  if (!url || !title) return refuse('fail_invalid param', 'news needs link and title')

  const imageUrl = filled(news, 'imgUrl')
  // Phones draw their own picture; desktop clients refuse.
  if (!imageUrl && !isPhone(preset))
    return refuse('fail, invalid param', 'news.imgUrl is empty, which desktop clients refuse')
  return { ok: true, content: { type: 'link', title, description: filled(news, 'desc'), url, imageUrl } }
}

async function checkCard(card: Fields | null, preset: Preset, facts: MessageFacts): Promise<MessageVerdict> {
  const cardsSince = preset.platform === 'mac' ? '4.1.26' : '3.1.0'
  if (compareVersions(preset.version, cardsSince) < 0)
    return refuse('fail_unsupported msgtype', `this client sends mini-program cards from ${cardsSince} on`)

  const appId = filled(card, 'appid')
  const title = filled(card, 'title')
  const page = filled(card, 'page')
  if (!appId || !title || !page)
    return refuse('fail_invalid miniprogram info', 'miniprogram needs appid, title and page')

  const imageUrl = filled(card, 'imgUrl')
  if (!/^https?:\/\//i.test(imageUrl))
    return refuse('fail invalid imgUrl', 'miniprogram.imgUrl does not start with http(s)')
  if (!(await facts.isMiniProgramLinked(appId)))
    return refuse('fail, not allow to cross corp', `mini program ${appId} is not linked to this corp`)
  return { ok: true, content: { type: 'card', appId, title, imageUrl, page } }
}

function part(params: Fields, name: string): Fields | null {
  const value = params[name]
  return typeof value === 'object' && value !== null ? (value as Fields) : null
}

function filled(object: Fields | null, name: string): string {
  const value = object?.[name]
  return typeof value === 'string' ? value : ''
}

function refuse(refusal: string, why: string): MessageVerdict {
  return { ok: false, refusal, why }
}
