import type { ReplyPart, SendContent } from '@guidebar/contracts'

import type { Subject } from './subject.ts'

/** A subject as the messages it is sent as, one after another. */
export function toParts(subject: Subject): ReplyPart[] {
  if ('reply' in subject) return subject.reply.parts
  if ('card' in subject) return [{ type: 'card', cardId: subject.card.id }]
  if ('paragraph' in subject) return [{ type: 'text', text: subject.paragraph.text }]
  const { title, description, url, coverUrl } = subject.article
  return [{ type: 'link', title, description, url, imageUrl: coverUrl }]
}

/**
 * What the server is asked to make ready for each message.
 * @param texts the words of each text part as they will be sent
 */
export function toContents(subject: Subject, parts: ReplyPart[], texts: string[]): SendContent[] {
  if ('card' in subject) return [{ type: 'card', cardId: subject.card.id }]
  if ('article' in subject) return [{ type: 'article', articleId: subject.article.id }]
  if ('paragraph' in subject) {
    const { articleId, id } = subject.paragraph
    return [{ type: 'knowledge', articleId, paragraphId: id, text: texts[0]?.trim() ?? '' }]
  }
  const replyId = subject.reply.id
  return parts.map((part, at) =>
    part.type === 'text'
      ? { type: 'reply', replyId, part: at, text: texts[at]?.trim() ?? '' }
      : { type: 'reply', replyId, part: at },
  )
}
