import type { QuickReplyLibrary, QuickReplyView, ReplyPart, SaveQuickReply } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import type { FolderOrders } from '../../platform/shelf/folder-orders.ts'
import { createStoreOf } from '../../platform/shelf/store-of.ts'
import type { MediaService } from '../media/media.service.ts'
import type { CardService } from '../mini-program-cards/card.service.ts'
import type { UsageService } from '../sends/usage.service.ts'
import { checkReplyParts } from './quick-reply.checks.ts'
import { createReplyLibrary, toPersonal, type CountedReply } from './quick-reply.library.ts'
import { toQuickReplyView } from './quick-reply.mapper.ts'
import type { QuickReply } from './quick-reply.model.ts'
import type { Audience, QuickReplyRepository, ReplyContent } from './quick-reply.repository.ts'

/** Enough for anybody who writes them by hand; keeps one guide from filling everybody's database. */
const maxPersonalReplies = 500

/** A reply of the corp, or of one store when `storeId` is given. */
type SaveSharedReply = SaveQuickReply & { storeId?: string }
export type QuickReplyService = ReturnType<typeof createQuickReplyService>
type QuickReplyDeps = {
  replies: QuickReplyRepository
  stamps: LibraryStamps
  usage: UsageService
  media: Pick<MediaService, 'kinds' | 'urlOf'>
  cards: Pick<CardService, 'existing'>
  guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }
  folders: FolderOrders
  clock: Clock
}

export function createQuickReplyService(deps: QuickReplyDeps) {
  const { replies, stamps, usage, media, cards, guides, folders, clock } = deps
  const library = createReplyLibrary({ replies, stamps, usage, guides, folders, clock })

  const storeOf = createStoreOf(guides)

  const toView = ({ reply, ...uses }: CountedReply): QuickReplyView =>
    toQuickReplyView(reply, { ...uses, urlOf: media.urlOf })

  async function checkContent(
    corpId: string,
    storeId: string,
    { folder, title, shortcut, parts }: SaveQuickReply,
  ): Promise<ReplyContent> {
    if (title.trim() === '') throw new AppError('BAD_REQUEST', 'a title without words', { at: '/title' })
    checkReplyParts(parts)
    await checkReferences(corpId, storeId, parts)
    return {
      folder: folder.trim(),
      title: title.trim(),
      shortcut: shortcut.toLowerCase(),
      parts: parts.map(withoutPreview),
      keys: searchKeys(title.trim()),
    }
  }

  /** Pictures, files and cards named in a reply belong to the same corp, or store: an id alone proves nothing. */
  async function checkReferences(corpId: string, storeId: string, parts: ReplyPart[]): Promise<void> {
    const assetIds = parts.flatMap((part) => ('assetId' in part ? [part.assetId] : []))
    const cardIds = parts.flatMap((part) => (part.type === 'card' ? [part.cardId] : []))
    const kinds = await media.kinds(corpId, assetIds)
    const known = new Set(cardIds.length > 0 ? await cards.existing(corpId, cardIds, storeId) : [])
    for (const [index, part] of parts.entries()) {
      const isMissing =
        'assetId' in part ? kinds.get(part.assetId) !== part.type : part.type === 'card' && !known.has(part.cardId)
      if (isMissing)
        throw new AppError('TEMPLATE_INVALID', `the ${part.type} of a part does not exist`, { at: `/parts/${index}` })
    }
  }

  return {
    version: library.version,

    /** Everything this guide may use: the corp's, the own store's and the own replies. */
    async library(guide: GuidePrincipal): Promise<QuickReplyLibrary> {
      const { version, replies: counted } = await library.read(guide)
      return { version, replies: counted.map(toView) }
    },

    /**
     * The replies most likely wanted now: by own use, then by everybody's, then in the library's order. What somebody
     * else has changed shows after three seconds.
     */
    async top(guide: GuidePrincipal, { limit }: { limit: number }): Promise<QuickReplyView[]> {
      const counted = await library.readRecent(guide)
      return counted
        .toSorted((a, b) => b.ownUses - a.ownUses || b.teamUses - a.teamUses)
        .slice(0, limit)
        .map(toView)
    },

    /**
     * A reply this guide may send.
     * @throws AppError QUICK_REPLY_NOT_FOUND for another guide's, another store's or another corp's alike
     */
    async getForSend(guide: GuidePrincipal, replyId: string): Promise<QuickReply> {
      const reply = await replies.findIn(await library.audiencesOf(guide), replyId)
      if (!reply) throw notFound(replyId)
      return reply
    },

    /** @throws AppError TEMPLATE_INVALID, CONFLICT when the guide has 500 replies already */
    async create(guide: GuidePrincipal, input: SaveQuickReply): Promise<QuickReplyView> {
      const content = await checkContent(guide.corpId, await storeOf(guide), input)
      const audience = toPersonal(guide)
      if ((await replies.count(audience)) >= maxPersonalReplies)
        throw new AppError('CONFLICT', `a guide keeps at most ${maxPersonalReplies} replies`)

      const reply = await library.changing(audience, () => replies.insert(audience, content, clock.now()))
      return toView({ reply, ownUses: 0, teamUses: 0 })
    },

    /** @throws AppError QUICK_REPLY_NOT_FOUND unless it is the guide's own, TEMPLATE_INVALID */
    async update(guide: GuidePrincipal, replyId: string, input: SaveQuickReply): Promise<QuickReplyView> {
      const content = await checkContent(guide.corpId, await storeOf(guide), input)
      const audience = toPersonal(guide)
      const reply = await library.changing(audience, () => replies.update(audience, replyId, content, clock.now()))
      if (!reply) throw notFound(replyId)
      const [own, team] = await Promise.all([usage.ofGuide(guide), usage.ofTeam(guide.corpId)])
      return toView({ reply, ownUses: own.get(replyId) ?? 0, teamUses: team.get(replyId) ?? 0 })
    },

    /** Kept for the record, gone for the guide. @throws AppError QUICK_REPLY_NOT_FOUND unless it is the guide's own */
    async remove(guide: GuidePrincipal, replyId: string): Promise<void> {
      const audience = toPersonal(guide)
      if (!(await library.changing(audience, () => replies.archive(audience, replyId, clock.now()))))
        throw notFound(replyId)
    },

    /**
     * Writes a reply of the corp or of a store, known by folder and title: saving again changes it.
     * For those who may speak for the corp; guides have no way here.
     * @throws AppError TEMPLATE_INVALID
     */
    async saveCorp(corpId: string, { storeId = '', ...input }: SaveSharedReply): Promise<string> {
      const content = await checkContent(corpId, storeId, input)
      const audience: Audience = storeId
        ? { corpId, scope: 'store', storeId, ownerUserId: '' }
        : { corpId, scope: 'corp', storeId: '', ownerUserId: '' }
      const reply = await library.changing(audience, () => replies.saveShared(audience, content, clock.now()))
      return reply._id.toHexString()
    },

    /** Which of these ids are replies of the corp for everybody. */
    existingShared: (corpId: string, replyIds: string[]) => replies.findShared(corpId, replyIds),

    /** @returns the store it belongs to, empty for everybody's; null when it is nobody's or one guide's */
    storeOfShared: replies.storeOfShared,

    /** Whether the corp has one of that name for everybody. */
    findShared: (corpId: string, folder: string, title: string) => replies.hasShared(corpId, folder, title),

    /** @returns false unless it is the guide's own */
    setOwnExpiry: (guide: GuidePrincipal, replyId: string, expiresOn: string | null) =>
      replies.setExpiry(toPersonal(guide), replyId, expiresOn),

    /** @returns false unless it is the corp's for everybody */
    setSharedExpiry: (corpId: string, replyId: string, expiresOn: string | null) =>
      replies.setExpiry({ corpId, scope: 'corp' }, replyId, expiresOn),

    /** Last days of validity of those replies that have one, by reply id. */
    listExpiries: (corpId: string, replyIds: string[]) => replies.listExpiries(corpId, replyIds),

    /** Puts the folders of everybody's and of the stores' replies into an order. */
    async orderFolders(corpId: string, names: string[]): Promise<void> {
      const stores = await replies.listStores(corpId)
      const audiences: Audience[] = [
        { corpId, scope: 'corp', storeId: '', ownerUserId: '' },
        ...stores.map((storeId) => ({ corpId, scope: 'store', storeId, ownerUserId: '' }) as const),
      ]
      const save = () => folders.save(corpId, 'replies', names)
      await audiences.reduce((inner, audience) => () => library.changing(audience, inner), save)()
    },

    /** Pictures that some guide may send at any time. */
    listPictures: (corpId: string) => replies.listPictures(corpId),

    countWithin: replies.countWithin,

    /** Everybody's, in use. */
    countShared: (corpId: string) => replies.count({ corpId, scope: 'corp', storeId: '', ownerUserId: '' }),
  }
}

function withoutPreview(part: ReplyPart): ReplyPart {
  if (!('assetId' in part)) return part
  const { type, assetId, name } = part
  return { type, assetId, name }
}

const notFound = (replyId: string) =>
  new AppError('QUICK_REPLY_NOT_FOUND', `no reply ${replyId} that this guide may use so`)
