import type { OrderIntake, ReplyPart, SaveQuickReply } from '@guidebar/contracts'
import type { Services } from '@guidebar/server/services'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { firstGuide } from '../corp/stores.ts'
import { corpFacts } from '../secrets.ts'
import { demoCards } from './cards.ts'
import { drawPdf } from './draw-pdf.ts'
import { demoFiles, demoPersonalReplies, demoReplies, type DemoPart, type DemoReply } from './replies.ts'
import { seedPanel } from './seed-panel.ts'

const covers = path.join(import.meta.dirname, '../../assets/covers')
/** More at once only wait in front of the engine. */
const atOnce = 8

type SeedServices = Pick<Services, 'apiKeys' | 'media' | 'cards' | 'quickReplies' | 'orders' | 'panel'>
type Known = { assetIds: Map<string, string>; cardIds: Map<string, string>; urlOf: (assetId: string) => string }
type SeedOptions = {
  corpId: string
  /** What the shop's till knows from before. */
  orders: OrderIntake[]
  /** The customers of the stories, in their order, then others. */
  customerIds: string[]
  /** Keeps the shop's key between two starts. */
  dataDir: string
}

/**
 * Puts pictures, cards, replies and past orders in through the services, as an admin and a shop would. Safe to repeat.
 * @returns the pretend shop's API key
 */
export async function seedContent(
  services: SeedServices,
  { corpId, orders, customerIds, dataDir }: SeedOptions,
): Promise<string> {
  const known = await seedCards(services, corpId)
  const replyIds = new Map<string, string>()
  for (const reply of demoReplies) {
    const id = await services.quickReplies.saveCorp(corpId, { ...toSaveReply(reply, known), storeId: reply.storeId })
    if (!reply.storeId) replyIds.set(reply.title, id)
  }
  await seedPersonalReplies(services, corpId, known)
  await inBatches(orders, (order) => services.orders.take(corpId, order))
  const coverOf = (slug: string) => known.urlOf(idOf(known.assetIds, slug))
  await seedPanel(services, { corpId, customerIds, replyIds, coverOf, now: new Date() })
  return readShopKey(services, corpId, dataDir)
}

/** What the pretend shop sells, with its own prices. */
export function shopProducts(): { sku: string; name: string; priceFen: number }[] {
  return demoCards.flatMap(({ sku, title, priceFen }) =>
    sku && priceFen !== null ? [{ sku, name: title, priceFen }] : [],
  )
}

async function seedCards({ media, cards }: SeedServices, corpId: string): Promise<Known> {
  const { appId, name } = corpFacts.miniProgram
  await cards.linkProgram(corpId, { appId, name })
  const known: Known = { assetIds: new Map(), cardIds: new Map(), urlOf: media.urlOf }
  // The catalogue shows the newest first, so the first of the list comes last.
  const listed = demoCards.map((_, index) => new Date(Date.now() - toDaysListed(index) * 24 * 3_600_000))
  for (const [index, { slug, cover: _, ...card }] of [...demoCards.entries()].toReversed()) {
    const bytes = readFileSync(path.join(covers, `${slug}.png`))
    const coverAssetId = await media.keepAsset(corpId, { bytes, name: `${slug}.png` })
    const cardId = await cards.saveCard(corpId, {
      ...card,
      priceFen: card.priceFen ?? undefined,
      coverAssetId,
      appId,
      listedAt: listed[index],
      status: 'published',
    })
    known.assetIds.set(slug, coverAssetId)
    known.cardIds.set(slug, cardId)
  }
  for (const [name, lines] of Object.entries(demoFiles))
    known.assetIds.set(name, (await media.keepFile(corpId, { bytes: drawPdf(lines), name })).assetId)
  return known
}

/** Two of them have just come in; the shelf behind them has stood for months. */
const toDaysListed = (index: number) => (index < 2 ? 3 + index : 30 + 7 * index)

/** A guide's own replies have no name to be found by, so they are written only where there are none. */
async function seedPersonalReplies({ quickReplies }: SeedServices, corpId: string, known: Known): Promise<void> {
  const guide = { corpId, userId: firstGuide }
  const { replies } = await quickReplies.library(guide)
  if (replies.some(({ scope }) => scope === 'personal')) return
  for (const reply of demoPersonalReplies) await quickReplies.create(guide, toSaveReply(reply, known))
}

/** The same key as long as the demo's data lives: a shop that still holds the old one goes on working. */
async function readShopKey({ apiKeys }: SeedServices, corpId: string, dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'shop-key')
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (await apiKeys.find(`Bearer ${kept}`)) return kept
  const { key } = await apiKeys.create({ corpId, name: corpFacts.miniProgram.name, scopes: ['orders:write'] })
  writeFileSync(file, key, { mode: 0o600 })
  return key
}

function toSaveReply({ folder, title, shortcut = '', parts }: DemoReply, known: Known): SaveQuickReply {
  return { folder, title, shortcut, parts: parts.map((part) => toPart(part, known)) }
}

function toPart(part: DemoPart, { assetIds, cardIds, urlOf }: Known): ReplyPart {
  if (typeof part === 'string') return { type: 'text', text: part }
  if ('card' in part) return { type: 'card', cardId: idOf(cardIds, part.card) }
  if ('file' in part) return { type: 'file', assetId: idOf(assetIds, part.file), name: part.file }
  if ('picture' in part) return { type: 'image', assetId: idOf(assetIds, part.picture), name: part.name }
  const { link: url, title, description, cover } = part
  return { type: 'link', title, description, url, imageUrl: urlOf(idOf(assetIds, cover)) }
}

function idOf(ids: Map<string, string>, slug: string): string {
  const id = ids.get(slug)
  if (!id) throw new Error(`The demo has no card ${slug}`)
  return id
}

async function inBatches<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(work))
}
