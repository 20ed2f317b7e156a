import { findReplyFaults, messageLimits, type ReplyPart, utf8Bytes } from '@guidebar/contracts'

import { AppError } from '../../platform/errors.ts'

/**
 * What the shapes of the contract cannot say: variables with their fallbacks, and limits that count bytes.
 * @throws AppError TEMPLATE_INVALID with `at`
 */
export function checkReplyParts(parts: ReplyPart[]): void {
  for (const [index, part] of parts.entries()) {
    const at = `/parts/${index}`
    if (part.type === 'text') checkText(part.text, `${at}/text`)
    if (part.type === 'link') {
      limitBytes(part.title, messageLimits.linkTitleBytes, `${at}/title`)
      limitBytes(part.description, messageLimits.linkDescriptionBytes, `${at}/description`)
      checkAddress(part.url, `${at}/url`)
      checkAddress(part.imageUrl, `${at}/imageUrl`)
    }
  }
}

function checkText(text: string, at: string): void {
  const [fault] = findReplyFaults(text)
  if (fault) throw new AppError('TEMPLATE_INVALID', `the reply's text has a fault: ${fault.reason}`, { at })
  limitBytes(text, messageLimits.textBytes, at)
}

function checkAddress(url: string, at: string): void {
  limitBytes(url, messageLimits.urlBytes, at)
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new AppError('TEMPLATE_INVALID', 'not a web address', { at })
}

function limitBytes(text: string, max: number, at: string): void {
  const bytes = utf8Bytes(text)
  if (bytes > max) throw new AppError('TEMPLATE_INVALID', `${bytes} bytes where ${max} are allowed`, { at })
}
