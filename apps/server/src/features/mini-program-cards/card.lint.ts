import { messageLimits, utf8Bytes } from '@guidebar/contracts'

import type { Card } from './card.model.ts'
import { type CardFindingId, cardLintMessages, type Locale } from './card-lint.messages.ts'

/** What WeCom's side of a path may hold; longer ones are cut by some clients. */
const pathMaxBytes = 1024
const slots = ['token', 'sku', 'store'] as const
type Slot = (typeof slots)[number]
const slotPattern = /\{([^{}]*)\}/g
/** As long as the real ones. */
const sampleToken = 'AbCdEfGhIjKlMnOp'
const sampleStore = '0'.repeat(10)

export type CardFinding = { id: CardFindingId; cause: string; fix: string }
export type CardDraft = Pick<Card, 'title' | 'appId' | 'pathTemplate' | 'sku'> & { coverUrl: string }
type LintRules = {
  linkedAppIds: readonly string[]
  /** Our own address: on one machine alone, pictures may come over plain http. */
  publicUrl: string
  locale?: Locale
}

/** Everything that would make a card fail in a chat, each with cause and fix. Empty: it may be published. */
export function lintCard(card: CardDraft, { linkedAppIds, publicUrl, locale = 'zh-CN' }: LintRules): CardFinding[] {
  const path = card.pathTemplate.split('?')[0] ?? ''
  const names = [...card.pathTemplate.matchAll(slotPattern)].map((match) => match[1] ?? '')
  const page = renderPage(card, { token: sampleToken, storeId: sampleStore })

  const wrong: [CardFindingId, boolean][] = [
    ['title-empty', card.title.trim() === ''],
    ['title-too-long', utf8Bytes(card.title) > messageLimits.cardTitleBytes],
    ['path-leading-slash', path.startsWith('/')],
    // WeChat shows «page not found» without it; sendChatMessage does not add it.
    ['path-not-html', !path.endsWith('.html')],
    ['path-bad-characters', !/^[\x21-\x7e]*$/.test(card.pathTemplate) || card.pathTemplate.includes('#')],
    ['slot-unknown', names.some((name) => !isSlot(name)) || /[{}]/.test(card.pathTemplate.replace(slotPattern, ''))],
    // The shop reads the token from the query: in the path it would name another page.
    ['token-missing', !(card.pathTemplate.split('?')[1] ?? '').includes('{token}')],
    ['path-too-long', utf8Bytes(page) > pathMaxBytes],
    ['cover-not-https', !isCoverAddress(card.coverUrl, publicUrl)],
    ['appid-malformed', !/^wx[0-9a-f]{16}$/.test(card.appId)],
    ['appid-not-linked', !linkedAppIds.includes(card.appId)],
  ]
  return wrong.flatMap(([id, isWrong]) => (isWrong ? [{ id, ...cardLintMessages[locale][id] }] : []))
}

/** The page as the mini program will be asked for it. Values are encoded; nothing in it tells who the customer is. */
export function renderPage(
  { pathTemplate, sku }: Pick<Card, 'pathTemplate' | 'sku'>,
  { token, storeId }: { token: string; storeId: string },
): string {
  const values: Record<Slot, string> = { token, sku, store: storeId }
  return pathTemplate.replace(slotPattern, (whole, name: string) =>
    isSlot(name) ? encodeURIComponent(values[name]) : whole,
  )
}

function isSlot(name: string): name is Slot {
  return slots.some((slot) => slot === name)
}

function isCoverAddress(coverUrl: string, publicUrl: string): boolean {
  const protocol = URL.parse(coverUrl)?.protocol
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(publicUrl))
}

const isLoopback = (url: string) => /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/.test(URL.parse(url)?.hostname ?? '')
