import { trusted, type Connection } from 'mongoose'

import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { groupModel, type Group } from './group.model.ts'

export function createGroupRepository(db: Connection) {
  const groups = groupModel(db)
  return {
    find: (corpId: string, chatId: string): Promise<Group | null> =>
      groups.findById(`${corpId}/${chatId}`).lean<Group>().exec(),

    /** Unless what is stored was read later. */
    async save({ _id, ...group }: Group): Promise<void> {
      try {
        await groups.updateOne({ _id, readAt: trusted({ $lte: group.readAt }) }, { $set: group }, { upsert: true })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    async remove(corpId: string, chatId: string): Promise<void> {
      await groups.deleteOne({ _id: `${corpId}/${chatId}` })
    },
  }
}

export type GroupRepository = ReturnType<typeof createGroupRepository>
