import { type ClientMessage, isUnfilled, messageLimits, type SendContent, utf8Bytes } from '@guidebar/contracts'
import { randomBytes } from 'node:crypto'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Corp, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { ArticleService } from '../articles/article.service.ts'
import type { KnowledgeService } from '../knowledge/knowledge.service.ts'
import type { MediaService } from '../media/media.service.ts'
import type { CardService } from '../mini-program-cards/card.service.ts'
import type { QuickReplyService } from '../quick-replies/quick-reply.service.ts'
import type { Send } from './send.model.ts'
import type { SendTarget } from './send.repository.ts'

/** What goes out, and what the record keeps of it. */
type Composed = { message: ClientMessage } & Pick<
  Send,
  'kind' | 'title' | 'coverUrl' | 'cardId' | 'sku' | 'replyId' | 'part' | 'token' | 'contentRef' | 'linkUrl'
>
type ContentDeps = {
  quickReplies: Pick<QuickReplyService, 'getForSend'>
  cards: Pick<CardService, 'getForSend'>
  media: Pick<MediaService, 'freshMediaId' | 'urlOf'>
  knowledge: Pick<KnowledgeService, 'getForSend'>
  articles: Pick<ArticleService, 'getForSend'>
  corps: Corps
}

const nothing = { coverUrl: null, cardId: null, sku: '', replyId: null, part: null }
const titleLength = 60

/** Turns what the guide chose into exactly what the client takes. */
export function createContentComposer({ quickReplies, cards, media, knowledge, articles, corps }: ContentDeps) {
  async function composeCard(guide: GuidePrincipal, storeId: string, cardId: string): Promise<Composed> {
    const card = await cards.getForSend(guide.corpId, storeId, cardId)
    // 96 random bits: nobody guesses one, and it says nothing about guide or customer.
    const token = randomBytes(12).toString('base64url')
    const page = card.toPage({ token, storeId })
    return {
      ...nothing,
      kind: 'card',
      title: card.title,
      coverUrl: card.coverUrl,
      cardId,
      sku: card.sku,
      token,
      message: {
        msgtype: 'miniprogram',
        miniprogram: { appid: card.appId, title: card.title, imgUrl: card.coverUrl, page },
      },
    }
  }

  function composeText(text: string, at: string): Composed {
    const bytes = utf8Bytes(text)
    if (bytes > messageLimits.textBytes)
      throw new AppError('BAD_REQUEST', `${bytes} bytes where ${messageLimits.textBytes} are allowed`, { at })
    if (text.trim() === '') throw new AppError('BAD_REQUEST', 'a message without words', { at })
    // A customer must never read `{{customer.name}}` or `[[金额]]`.
    if (isUnfilled(text)) throw new AppError('TEMPLATE_INVALID', 'a variable or a blank is not filled', { at })
    return { ...nothing, kind: 'text', title: firstWords(text), message: { msgtype: 'text', text: { content: text } } }
  }

  async function composeReply(
    guide: GuidePrincipal,
    storeId: string,
    { replyId, part: index, text }: Extract<SendContent, { type: 'reply' }>,
  ): Promise<Composed> {
    const { parts } = await quickReplies.getForSend(guide, replyId)
    const part = parts[index]
    if (!part) throw new AppError('BAD_REQUEST', `the reply has ${parts.length} parts`, { at: '/content/part' })
    if (text !== undefined && part.type !== 'text')
      throw new AppError('BAD_REQUEST', 'only a text part takes words', { at: '/content/text' })

    const source = { replyId, part: index }
    if (part.type === 'text') return { ...composeText(text ?? part.text, '/content/text'), ...source }
    if (part.type === 'card') return { ...(await composeCard(guide, storeId, part.cardId)), ...source }
    if (part.type === 'link') {
      const { title, description, url, imageUrl } = part
      const news = { link: url, title, desc: description, imgUrl: imageUrl }
      return { ...nothing, ...source, kind: 'link', title, coverUrl: imageUrl, message: { msgtype: 'news', news } }
    }
    const mediaid = await media.freshMediaId(corpOf(guide), part.assetId)
    const { type: kind, name: title } = part
    const coverUrl = kind === 'image' ? media.urlOf(part.assetId) : null
    return { ...nothing, ...source, kind, title, coverUrl, message: toMediaMessage(kind, mediaid) }
  }

  async function composeParagraph(
    guide: GuidePrincipal,
    storeId: string,
    { articleId, paragraphId, text }: Extract<SendContent, { type: 'knowledge' }>,
  ): Promise<Composed> {
    const paragraph = await knowledge.getForSend(guide.corpId, storeId, { articleId, paragraphId })
    return composeText(text ?? paragraph.text, '/content/text')
  }

  /** Through our redirect, unless the customer does not want openings to be recorded. */
  async function composeArticle(
    guide: GuidePrincipal,
    storeId: string,
    { articleId, externalUserId }: { articleId: string } & Pick<SendTarget, 'externalUserId'>,
  ): Promise<Composed> {
    const token = randomBytes(12).toString('base64url')
    const article = await articles.getForSend(guide.corpId, storeId, { articleId, token, externalUserId })
    const { title, description, coverUrl, link } = article
    const tracked = article.isTracked ? { token, linkUrl: article.url } : {}
    const news = { link, title, desc: description, imgUrl: coverUrl }
    return { ...nothing, ...tracked, kind: 'link', title, coverUrl, message: { msgtype: 'news', news } }
  }

  function corpOf({ corpId }: GuidePrincipal): Corp {
    const corp = corps.get(corpId)
    if (!corp) throw new AppError('WECOM_NOT_SET_UP', `no settings for corp ${corpId}`)
    return corp
  }

  function composeAny(guide: GuidePrincipal, storeId: string, content: SendContent, target: SendTarget) {
    switch (content.type) {
      case 'card':
        return composeCard(guide, storeId, content.cardId)
      case 'text':
        return composeText(content.text, '/content/text')
      case 'knowledge':
        return composeParagraph(guide, storeId, content)
      case 'article':
        return composeArticle(guide, storeId, { ...content, ...target })
      default:
        return composeReply(guide, storeId, content)
    }
  }

  return {
    /**
     * @throws AppError QUICK_REPLY_NOT_FOUND, CARD_NOT_FOUND, CARD_NOT_SENDABLE, TEMPLATE_INVALID, BAD_REQUEST
     * @throws AppError WECOM_REFUSED, WECOM_BUSY, WECOM_NOT_SET_UP, WECOM_UNAVAILABLE when a picture cannot be uploaded
     */
    async compose(guide: GuidePrincipal, storeId: string, content: SendContent, target: SendTarget): Promise<Composed> {
      return { ...(await composeAny(guide, storeId, content, target)), contentRef: refOf(content) }
    },
  }
}

export type ContentComposer = ReturnType<typeof createContentComposer>

function toMediaMessage(kind: 'image' | 'file' | 'video', mediaid: string): ClientMessage {
  if (kind === 'image') return { msgtype: 'image', image: { mediaid } }
  return kind === 'file' ? { msgtype: 'file', file: { mediaid } } : { msgtype: 'video', video: { mediaid } }
}

/** Cut between what a reader takes for characters: half an emoji is a black box. */
function firstWords(text: string): string {
  const characters = new Intl.Segmenter('zh').segment(text.trim().slice(0, 4 * titleLength))
  return Array.from(characters, ({ segment }) => segment)
    .slice(0, titleLength)
    .join('')
}

/** What a task or a rule may have asked to be sent. */
function refOf(content: SendContent): string | undefined {
  switch (content.type) {
    case 'card':
      return `card/${content.cardId}`
    case 'reply':
      return `reply/${content.replyId}`
    case 'article':
      return `article/${content.articleId}`
    case 'knowledge':
      return `knowledge/${content.articleId}/${content.paragraphId}`
    default:
      return undefined
  }
}
