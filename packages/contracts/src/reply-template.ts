/** Variables a reply may use. Those of the customer may be empty, so they need a fallback. */
export const replyVariables = {
  'customer.name': { needsFallback: true },
  'customer.remark': { needsFallback: true },
  'customer.tier': { needsFallback: true },
  'order.last.no': { needsFallback: true },
  'coupon.expires': { needsFallback: true },
  'guide.name': { needsFallback: false },
  'store.name': { needsFallback: false },
  date: { needsFallback: false },
} as const
/** `date+7` is the day in a week; `date` itself is today. */
export type ReplyVariable = keyof typeof replyVariables | `date+${number}`

export type ReplyToken =
  | { type: 'words'; words: string }
  | { type: 'variable'; name: ReplyVariable; fallback: string | null }
  /** `[[金额]]`: filled by hand before every send. */
  | { type: 'blank'; label: string }

const tokenPattern = /\{\{([^{}]*)\}\}|\[\[([^[\]]*)\]\]/g
const maxBlankLabel = 20
const dayMs = 24 * 3_600_000

/** Splits a reply's text into words, variables and blanks. Faults stay words; `reply-faults.ts` finds them. */
export function parseReply(text: string): ReplyToken[] {
  const tokens: ReplyToken[] = []
  let end = 0
  for (const match of text.matchAll(tokenPattern)) {
    const token = match[1] === undefined ? toBlank(match[2] ?? '') : toVariable(match[1])
    if (!token) continue
    if (match.index > end) tokens.push({ type: 'words', words: text.slice(end, match.index) })
    tokens.push(token)
    end = match.index + match[0].length
  }
  if (end < text.length) tokens.push({ type: 'words', words: text.slice(end) })
  return tokens
}

/** Labels of the blanks in their order; a label that stands there twice is one blank for each place. */
export const findBlanks = (text: string): string[] =>
  parseReply(text).flatMap((token) => (token.type === 'blank' ? token.label : []))

/**
 * Fills variables and blanks. A variable without a value takes its fallback; a blank that was not filled stays as it
 * is, and so the server refuses to send it.
 * @param values `date` is today as `2026-11-21`; days that follow are worked out from it
 * @param blanks what was filled in, in the order of the blanks
 */
export function renderReply(
  text: string,
  values: Partial<Record<ReplyVariable, string>>,
  blanks: (string | undefined)[] = [],
): string {
  let blank = 0
  return parseReply(text)
    .map((token) => {
      if (token.type === 'words') return token.words
      if (token.type === 'blank') return blanks[blank++]?.trim() || `[[${token.label}]]`
      return valueOf(token.name, values) || token.fallback || ''
    })
    .join('')
}

/** Whether something is left that a customer must not read: a variable or a blank. */
export const isUnfilled = (text: string): boolean => parseReply(text).some(({ type }) => type !== 'words')

/** A variable's value; of days as «11月28日». Empty when it is not known. */
export function valueOf(name: ReplyVariable, values: Partial<Record<ReplyVariable, string>>): string {
  if (!isDate(name)) return values[name] ?? ''
  const today = Date.parse(`${values.date ?? ''}T00:00:00Z`)
  if (Number.isNaN(today)) return ''
  const day = new Date(today + Number(name.slice('date+'.length) || 0) * dayMs)
  return `${day.getUTCMonth() + 1}月${day.getUTCDate()}日`
}

/** What stands between `{{` and `}}`; null when it names no variable. */
export function toVariable(inside: string): Extract<ReplyToken, { type: 'variable' }> | null {
  const bar = inside.indexOf('|')
  const name = (bar < 0 ? inside : inside.slice(0, bar)).trim()
  const fallback = bar < 0 ? null : inside.slice(bar + 1).trim() || null
  return isReplyVariable(name) ? { type: 'variable', name, fallback } : null
}

/** What stands between `[[` and `]]`; null when it is no blank. */
export function toBlank(inside: string): Extract<ReplyToken, { type: 'blank' }> | null {
  const label = inside.trim()
  return label && label.length <= maxBlankLabel ? { type: 'blank', label } : null
}

export const isDate = (name: string): name is 'date' | `date+${number}` => /^date(\+\d{1,3})?$/.test(name)

function isReplyVariable(name: string): name is ReplyVariable {
  return isDate(name) || Object.keys(replyVariables).includes(name)
}
