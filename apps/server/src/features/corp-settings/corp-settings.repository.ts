import { trusted, type Connection } from 'mongoose'

import { corpSettingsModel, type CorpSettings } from './corp-settings.model.ts'

const id = 'corp'

export type CorpSettingsChange = Partial<Omit<CorpSettings, 'revision'>>

export function createCorpSettingsRepository(db: Connection) {
  const settings = corpSettingsModel(db)
  return {
    find: (): Promise<CorpSettings | null> => settings.findById(id).lean<CorpSettings>().exec(),

    revision: async (): Promise<number> =>
      (await settings.findById(id, { revision: 1 }).lean<CorpSettings>().exec())?.revision ?? 0,

    async save(change: CorpSettingsChange): Promise<void> {
      await settings.updateOne({ _id: id }, { $set: change, $inc: { revision: 1 } }, { upsert: true }).exec()
    },

    /** As `save`, unless somebody else saved since `revision`. */
    async saveAt(revision: number, change: CorpSettingsChange): Promise<boolean> {
      const { modifiedCount } = await settings
        .updateOne({ _id: trusted({ $eq: id }), revision }, { $set: change, $inc: { revision: 1 } })
        .exec()
      return modifiedCount === 1
    },
  }
}

export type CorpSettingsRepository = ReturnType<typeof createCorpSettingsRepository>
