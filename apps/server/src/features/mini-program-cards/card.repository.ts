import { type Connection, trusted } from 'mongoose'

import type { Scope } from '../../platform/rights/scope.ts'
import { directRelease, everybodys, hadBy, type ShelfState } from '../../platform/shelf/shelf.fields.ts'
import { type Card, cardModel, type CardStatus, type MiniProgram, miniProgramModel } from './card.model.ts'

type CardContent = Omit<
  Card,
  '_id' | 'corpId' | 'folder' | 'createdAt' | 'updatedAt' | 'scope' | 'storeId' | keyof ShelfState
>
export type CardRepository = ReturnType<typeof createCardRepository>

export function createCardRepository(db: Connection) {
  const cards = cardModel(db)
  const programs = miniProgramModel(db)
  return {
    listPublished: (corpId: string): Promise<Card[]> =>
      cards.find({ corpId, status: 'published' }).sort({ createdAt: -1, _id: -1 }).lean<Card[]>().exec(),

    countWithin: (within: Scope) =>
      cards.countDocuments({ $and: [within.readableContent(), { status: 'published' }] }).exec(),

    find: (corpId: string, cardId: string): Promise<Card | null> =>
      cards.findOne({ _id: cardId, corpId }).lean<Card>().exec(),

    async findExisting(corpId: string, cardIds: string[], storeId: string): Promise<string[]> {
      const rows = await cards.find({ _id: trusted({ $in: cardIds }), corpId, ...hadBy(storeId) }, { _id: 1 }).lean()
      return rows.map((row) => row._id.toHexString())
    },

    /** Known by kind and title: a second save changes the first. @param times `listedAt` counts for a new one only */
    save: (
      corpId: string,
      { kind, title, ...content }: CardContent,
      { at, listedAt }: { at: Date; listedAt: Date },
    ): Promise<Card> =>
      cards
        .findOneAndUpdate(
          { corpId, kind, title, storeId: trusted({ $in: ['', null] }) },
          {
            $set: {
              ...content,
              ...everybodys,
              updatedAt: at,
              ...directRelease.$set,
              isDraft: content.status === 'draft',
            },
            $inc: directRelease.$inc,
            $setOnInsert: { createdAt: listedAt },
          },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<Card>()
        .exec(),

    setStatus: (corpId: string, cardId: string, status: CardStatus, at: Date): Promise<Card | null> =>
      cards
        .findOneAndUpdate({ _id: cardId, corpId }, { $set: { status, updatedAt: at } }, { returnDocument: 'after' })
        .lean<Card>()
        .exec(),

    listPrograms: (corpId: string): Promise<MiniProgram[]> =>
      programs.find({ corpId }, { _id: 0 }).lean<MiniProgram[]>().exec(),

    async saveProgram({ corpId, appId, name }: MiniProgram): Promise<void> {
      await programs.updateOne({ corpId, appId }, { $set: { name } }, { upsert: true })
    },
  }
}
