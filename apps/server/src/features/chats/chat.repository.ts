import type { Connection } from 'mongoose'

import { chatModel, type Chat } from './chat.model.ts'

export function createChatRepository(db: Connection) {
  const chats = chatModel(db)

  return {
    find: (corpId: string, chatId: string): Promise<Chat | null> =>
      chats.findById(`${corpId}/${chatId}`).lean<Chat>().exec(),

    /**
     * Stores a chat unless another process changed it since it was read.
     * @returns false when one did
     */
    async save(before: Chat | null, { _id, ...chat }: Chat): Promise<boolean> {
      if (!before) {
        const { upsertedCount } = await chats.updateOne({ _id }, { $setOnInsert: chat }, { upsert: true }).exec()
        return upsertedCount === 1
      }
      const isUnchanged = {
        memberVersion: before.memberVersion,
        lastEventAt: before.lastEventAt,
        status: before.status,
      }
      return (await chats.updateOne({ _id, ...isUnchanged }, { $set: chat }).exec()).matchedCount === 1
    },
  }
}

export type ChatRepository = ReturnType<typeof createChatRepository>
