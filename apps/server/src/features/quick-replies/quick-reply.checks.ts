import { findReplyFaults, messageLimits, type ReplyPart, utf8Bytes } from '@guidebar/contracts'

import { AppError } from '../../platform/errors.ts'
import type { Fault, FaultId } from '../../platform/shelf/fault-words.ts'

/**
 * What the shapes of the contract cannot say: variables with their fallbacks, and limits that count bytes.
 * @throws AppError TEMPLATE_INVALID with `at`
 */
export function checkReplyParts(parts: ReplyPart[]): void {
  const [fault] = findPartFaults(parts)
  if (fault) throw new AppError('TEMPLATE_INVALID', `the reply has a fault: ${fault.id}`, { at: fault.at })
}

/** Everything of a reply that would fail in a chat, part by part. */
export function findPartFaults(parts: ReplyPart[]): Fault[] {
  return parts.flatMap((part, index) => {
    const at = `/parts/${index}`
    if (part.type === 'text') return findTextFaults(part.text, `${at}/text`)
    if (part.type !== 'link') return []
    return [
      ...tooLong('title-too-long', part.title, messageLimits.linkTitleBytes, `${at}/title`),
      ...tooLong('description-too-long', part.description, messageLimits.linkDescriptionBytes, `${at}/description`),
      ...findAddressFaults(part.url, `${at}/url`),
      ...findAddressFaults(part.imageUrl, `${at}/imageUrl`),
    ]
  })
}

export function findTextFaults(text: string, at: string): Fault[] {
  const written = findReplyFaults(text).map((fault): Fault => ({ id: fault.reason, at, values: [fault.text] }))
  const empty: Fault[] = text.trim() === '' ? [{ id: 'text-empty', at }] : []
  return [...empty, ...written, ...tooLong('text-too-long', text, messageLimits.textBytes, at)]
}

function findAddressFaults(url: string, at: string): Fault[] {
  const parsed = URL.parse(url)
  const isWeb = parsed && /^https?:$/.test(parsed.protocol) && utf8Bytes(url) <= messageLimits.urlBytes
  return isWeb ? [] : [{ id: 'address-bad', at }]
}

function tooLong(id: FaultId, text: string, max: number, at: string): Fault[] {
  const bytes = utf8Bytes(text)
  return bytes > max ? [{ id, at, values: [bytes, max] }] : []
}
