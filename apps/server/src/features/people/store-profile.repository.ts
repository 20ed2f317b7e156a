import type { SaveStore } from '@guidebar/contracts'
import type { Connection } from 'mongoose'

import { storeProfileModel, type StoreProfile } from './store-profile.model.ts'

export function createStoreProfileRepository(db: Connection) {
  const profiles = storeProfileModel(db)
  return {
    list: (corpId: string): Promise<StoreProfile[]> => profiles.find({ corpId }).lean<StoreProfile[]>().exec(),

    async save(corpId: string, departmentId: number, wanted: SaveStore, updatedAt: Date): Promise<void> {
      const _id = `${corpId}/${departmentId}`
      await profiles.replaceOne({ _id }, { corpId, departmentId, ...wanted, updatedAt }, { upsert: true }).exec()
    },
  }
}

export type StoreProfileRepository = ReturnType<typeof createStoreProfileRepository>
