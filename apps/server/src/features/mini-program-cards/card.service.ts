import { createHash } from 'node:crypto'

import type { CardCatalogue, CardKind, Locale, MiniProgramCardView } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import { beijingDay } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import { isHadBy } from '../../platform/shelf/shelf.fields.ts'
import { toVersion, type StoreOf } from '../../platform/shelf/store-of.ts'
import type { MediaService } from '../media/media.service.ts'
import type { UsageService } from '../sends/usage.service.ts'
import { type CardFinding, lintCard, renderPage } from './card.lint.ts'
import { toCardView } from './card.mapper.ts'
import type { Card, CardStatus } from './card.model.ts'
import type { CardRepository } from './card.repository.ts'

type SaveCard = {
  kind: CardKind
  title: string
  /** A picture of ours, or else an address. */
  coverAssetId?: string
  coverUrl?: string
  appId: string
  pathTemplate: string
  sku?: string
  priceFen?: number
  status: Exclude<CardStatus, 'off_shelf'>
  /** When the shop took it in; now when nothing is said. */
  listedAt?: Date
}
/** A card ready to go out. */
type SendableCard = Pick<Card, 'title' | 'appId' | 'sku'> & {
  /** Full address, whatever the cover is. */
  coverUrl: string
  /** The mini program's page with this send's values in its slots. */
  toPage(values: { token: string; storeId: string }): string
}
export type CardService = ReturnType<typeof createCardService>
type CardDeps = {
  cards: CardRepository
  stamps: LibraryStamps
  usage: UsageService
  storeOf: StoreOf
  media: Pick<MediaService, 'existing' | 'urlOf'>
  publicUrl: string
  clock: Clock
}

export function createCardService({ cards, stamps, usage, storeOf, media, publicUrl, clock }: CardDeps) {
  const kept = new Map<string, { stamp: string; cards: Promise<Card[]> }>()

  const readStamp = async (corpId: string) => (await stamps.read([toLibraryName(corpId)]))[0] ?? ''

  /** The database is asked again only when the corp's stamp differs. */
  function readPublished(corpId: string, stamp: string): Promise<Card[]> {
    const known = kept.get(corpId)
    if (known?.stamp === stamp) return known.cards
    const loaded = cards.listPublished(corpId)
    kept.set(corpId, { stamp, cards: loaded })
    loaded.catch(() => kept.delete(corpId))
    return loaded
  }

  async function views(corpId: string, storeId: string): Promise<MiniProgramCardView[]> {
    const [published, team] = await Promise.all([readPublished(corpId, await readStamp(corpId)), usage.ofTeam(corpId)])
    return published
      .filter((card) => isHadBy(card, storeId))
      .map((card) => toCardView(card, { coverUrl: coverOf(card), teamUses: team.get(card._id.toHexString()) ?? 0 }))
  }

  const coverOf = (card: Pick<Card, 'coverAssetId' | 'coverUrl'>) =>
    card.coverAssetId ? media.urlOf(card.coverAssetId) : (card.coverUrl ?? '')

  type Lintable = Pick<Card, 'title' | 'appId' | 'pathTemplate' | 'sku' | 'coverAssetId' | 'coverUrl'>
  async function lint(corpId: string, card: Lintable): Promise<CardFinding[]> {
    const programs = await cards.listPrograms(corpId)
    const linkedAppIds = programs.map((program) => program.appId)
    return lintCard({ ...card, coverUrl: coverOf(card) }, { linkedAppIds, publicUrl })
  }

  /** Checked again at every send: a mini program may have lost its link since. */
  async function refuseUnsendable(corpId: string, card: Lintable): Promise<void> {
    const findings = await lint(corpId, card)
    if (findings.length > 0)
      throw new AppError('CARD_NOT_SENDABLE', `lint: ${findings.map((finding) => finding.id).join(', ')}`)
  }

  async function setStatus(corpId: string, cardId: string, status: CardStatus): Promise<void> {
    const card = await stamps.changing(toLibraryName(corpId), () =>
      cards.setStatus(corpId, cardId, status, clock.now()),
    )
    if (!card) throw notFound(cardId)
  }

  return {
    lint,

    /** Mini programs whose cards WeCom takes from this corp. */
    listPrograms: (corpId: string) => cards.listPrograms(corpId),

    /** Registers a mini program that is linked to the corp in WeCom's console. */
    linkProgram: (corpId: string, program: { appId: string; name: string }) =>
      cards.saveProgram({ corpId, ...program }),

    /**
     * Writes a card, known by kind and title: saving again changes it. For those who may speak for the corp.
     * @throws AppError CARD_NOT_SENDABLE when it is to be published and the linter has findings
     */
    async saveCard(corpId: string, input: SaveCard): Promise<string> {
      const programs = await cards.listPrograms(corpId)
      const content = {
        kind: input.kind,
        title: input.title.trim(),
        coverAssetId: input.coverAssetId ?? null,
        coverUrl: input.coverUrl ?? null,
        appId: input.appId,
        programName: programs.find((program) => program.appId === input.appId)?.name ?? input.appId,
        pathTemplate: input.pathTemplate,
        sku: input.sku ?? '',
        priceFen: input.priceFen ?? null,
        status: input.status,
        keys: searchKeys(input.title.trim()),
      }
      if (input.coverAssetId && (await media.existing(corpId, [input.coverAssetId])).length === 0)
        throw new AppError('CARD_NOT_SENDABLE', 'the corp has no such cover', { at: '/coverAssetId' })
      if (input.status === 'published') await refuseUnsendable(corpId, content)

      const card = await stamps.changing(toLibraryName(corpId), () =>
        cards.save(corpId, content, { at: clock.now(), listedAt: input.listedAt ?? clock.now() }),
      )
      return card._id.toHexString()
    },

    /** @throws AppError CARD_NOT_FOUND, CARD_NOT_SENDABLE */
    async publish(corpId: string, cardId: string): Promise<void> {
      const card = await cards.find(corpId, cardId)
      if (!card) throw notFound(cardId)
      await refuseUnsendable(corpId, card)
      await setStatus(corpId, cardId, 'published')
    },

    /** @throws AppError CARD_NOT_FOUND */
    takeOffShelf: (corpId: string, cardId: string) => setStatus(corpId, cardId, 'off_shelf'),

    /** Changes when any card does, and once a day for the counts. Costs one small read. */
    version: async (guide: GuidePrincipal) =>
      toVersion(toMark(guide.corpId, await readStamp(guide.corpId), clock.now()), await storeOf(guide)),

    /** Every card a guide may send: everybody's, and those of his store. */
    async catalogue(guide: GuidePrincipal): Promise<CardCatalogue> {
      const { corpId } = guide
      const [stamp, storeId] = await Promise.all([readStamp(corpId), storeOf(guide)])
      return { version: toVersion(toMark(corpId, stamp, clock.now()), storeId), cards: await views(corpId, storeId) }
    },

    /** What guides of a store may send; without a store what everybody may. */
    listFor: views,

    /** Which of these ids are everybody's cards, or those of the store, sendable or not. */
    existing: (corpId: string, cardIds: string[], storeId = '') => cards.findExisting(corpId, cardIds, storeId),

    /** @returns the store it belongs to, empty for everybody's; null when the corp has no such card */
    async storeOfCard(corpId: string, cardId: string): Promise<string | null> {
      const card = await cards.find(corpId, cardId)
      return card && (card.storeId ?? '')
    },

    /**
     * A card that may go out now.
     * @throws AppError CARD_NOT_FOUND for drafts, other corps' and other stores' cards, CARD_NOT_SENDABLE when taken off
     */
    async getForSend(corpId: string, storeId: string, cardId: string): Promise<SendableCard> {
      const card = await cards.find(corpId, cardId)
      if (!card || card.status === 'draft' || !isHadBy(card, storeId)) throw notFound(cardId)
      if (card.status === 'off_shelf') throw new AppError('CARD_NOT_SENDABLE', `card ${cardId} is off the shelf`)
      await refuseUnsendable(corpId, card)
      const { title, appId, sku } = card
      return { title, appId, sku, coverUrl: coverOf(card), toPage: (values) => renderPage(card, values) }
    },

    /** Everybody's cards that came into the catalogue since then, newest first. */
    async listNewest(corpId: string, since: Date): Promise<{ cardId: string; title: string; addedAt: Date }[]> {
      const published = await readPublished(corpId, await readStamp(corpId))
      return published
        .filter((card) => card.kind === 'product' && card.createdAt >= since && isHadBy(card, ''))
        .map(({ _id, title, createdAt }) => ({ cardId: _id.toHexString(), title, addedAt: createdAt }))
    },

    /** Every published card with the first thing that would make it fail, if any. */
    async checkPublished(corpId: string, locale: Locale): Promise<{ title: string; problem: string | null }[]> {
      const programs = await cards.listPrograms(corpId)
      const linkedAppIds = programs.map((program) => program.appId)
      const published = await readPublished(corpId, await readStamp(corpId))
      return published.map((card) => {
        const [first] = lintCard({ ...card, coverUrl: coverOf(card) }, { linkedAppIds, publicUrl, locale })
        return { title: card.title, problem: first?.cause ?? null }
      })
    },

    countWithin: cards.countWithin,
  }
}

export const toLibraryName = (corpId: string) => `mini-program-cards/${corpId}`

const toMark = (corpId: string, stamp: string, now: Date) =>
  createHash('sha256')
    .update([corpId, stamp, beijingDay(now)].join('\n'))
    .digest('base64url')
    .slice(0, 22)

const notFound = (cardId: string) => new AppError('CARD_NOT_FOUND', `no card ${cardId} in this corp's catalogue`)
