import { type Connection, trusted, Types } from 'mongoose'

import { upsertTwice } from '../../platform/duplicate-key.ts'
import { directRelease, emptyState } from '../../platform/shelf/shelf.fields.ts'
import type { Scope } from '../../platform/rights/scope.ts'
import { type QuickReply, quickReplyModel } from './quick-reply.model.ts'

/** Whose replies: everybody's, one store's, or one guide's. */
export type Audience =
  | { corpId: string; scope: 'corp'; storeId: ''; ownerUserId: '' }
  | { corpId: string; scope: 'store'; storeId: string; ownerUserId: '' }
  | { corpId: string; scope: 'personal'; storeId: ''; ownerUserId: string }

export type ReplyContent = Pick<QuickReply, 'folder' | 'title' | 'shortcut' | 'parts' | 'keys'>
/** Drafts of the desk are nobody's yet. */
const inUse = { archivedAt: null, isDraft: trusted({ $ne: true }) } as const
export type QuickReplyRepository = ReturnType<typeof createQuickReplyRepository>

export function createQuickReplyRepository(db: Connection) {
  const replies = quickReplyModel(db)

  const upsertShared = (
    audience: Audience,
    { folder, title, ...content }: ReplyContent,
    at: Date,
  ): Promise<QuickReply> =>
    replies
      .findOneAndUpdate(
        { ...audience, folder, title, archivedAt: null },
        {
          $set: { ...content, updatedAt: at, ...directRelease.$set },
          $inc: directRelease.$inc,
          $setOnInsert: { createdAt: at },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<QuickReply>()
      .exec()

  return {
    listAudience: (audience: Audience): Promise<QuickReply[]> =>
      replies
        .find({ ...audience, ...inUse })
        .sort({ createdAt: 1, _id: 1 })
        .lean<QuickReply[]>()
        .exec(),

    /** @returns null when none of the audiences has it */
    findIn: (audiences: Audience[], replyId: string): Promise<QuickReply | null> =>
      replies
        .findOne({
          _id: new Types.ObjectId(replyId),
          ...inUse,
          $or: audiences.map(({ corpId, scope, storeId, ownerUserId }) => ({ corpId, scope, storeId, ownerUserId })),
        })
        .lean<QuickReply>()
        .exec(),

    async findShared(corpId: string, replyIds: string[]): Promise<string[]> {
      const filter = { _id: trusted({ $in: replyIds }), corpId, scope: 'corp', ...inUse } as const
      const rows = await replies.find(filter, { _id: 1 }).lean()
      return rows.map((row) => row._id.toHexString())
    },

    async storeOfShared(corpId: string, replyId: string): Promise<string | null> {
      const scope = trusted({ $in: ['corp', 'store'] as ('corp' | 'store')[] })
      const found = await replies.findOne({ _id: replyId, corpId, scope, ...inUse }, { storeId: 1 }).lean()
      return found?.storeId ?? null
    },

    hasShared: async (corpId: string, folder: string, title: string): Promise<boolean> =>
      (await replies.exists({ corpId, scope: 'corp', storeId: '', folder, title, archivedAt: null })) !== null,

    count: (audience: Audience) => replies.countDocuments({ ...audience, archivedAt: null }).exec(),

    /** In use; what guides keep for themselves counts for those who see these guides. */
    countWithin: (within: Scope) =>
      replies
        .countDocuments({
          $and: [{ $or: [within.readableContent(), { ...within.byGuide('ownerUserId'), scope: 'personal' }] }, inUse],
        })
        .exec(),

    async insert(audience: Audience, content: ReplyContent, at: Date): Promise<QuickReply> {
      const reply = { ...audience, ...content, createdAt: at, updatedAt: at, archivedAt: null, ...emptyState }
      const _id = new Types.ObjectId()
      await replies.create({ _id, ...reply })
      return { _id, ...reply }
    },

    /** @returns null when it is not among this audience's */
    update: (audience: Audience, replyId: string, content: ReplyContent, at: Date): Promise<QuickReply | null> =>
      replies
        .findOneAndUpdate(
          { ...audience, _id: replyId, archivedAt: null },
          { $set: { ...content, updatedAt: at } },
          { returnDocument: 'after' },
        )
        .lean<QuickReply>()
        .exec(),

    /** Known by folder and title: a second save changes the first. */
    saveShared: (audience: Audience, content: ReplyContent, at: Date): Promise<QuickReply> =>
      upsertTwice(() => upsertShared(audience, content, at)),

    /** @returns false when none of the audiences has it */
    async setExpiry(audience: Partial<Audience>, replyId: string, expiresOn: string | null): Promise<boolean> {
      const { matchedCount } = await replies.updateOne({ ...audience, _id: replyId, ...inUse }, { $set: { expiresOn } })
      return matchedCount === 1
    },

    async listExpiries(corpId: string, replyIds: string[]): Promise<Record<string, string>> {
      const rows = await replies
        .find({ corpId, expiresOn: trusted({ $type: 'string' }) }, { expiresOn: 1 })
        .lean<QuickReply[]>()
        .exec()
      const wanted = new Set(replyIds)
      return Object.fromEntries(
        rows.flatMap(({ _id, expiresOn }) => {
          const id = _id.toHexString()
          return expiresOn && wanted.has(id) ? [[id, expiresOn]] : []
        }),
      )
    },

    /** Pictures that some guide may send at any time. */
    async listPictures(corpId: string): Promise<string[]> {
      const parts = await replies.distinct('parts.assetId', {
        corpId,
        ...inUse,
        scope: trusted({ $in: ['corp', 'store', 'personal'] }),
      })
      return parts.filter((id): id is string => typeof id === 'string')
    },

    /** Stores that have replies of their own. */
    listStores: (corpId: string): Promise<string[]> => replies.distinct('storeId', { corpId, scope: 'store' }).exec(),

    async archive(audience: Audience, replyId: string, at: Date): Promise<boolean> {
      const result = await replies.updateOne(
        { ...audience, _id: replyId, archivedAt: null },
        { $set: { archivedAt: at } },
      )
      return result.matchedCount === 1
    },
  }
}
