import type { Connection } from 'mongoose'

import type { RelationKey } from '../relations/relation.model.ts'
import { tagVerdictModel, type TagVerdict } from './tag-verdict.model.ts'

export function createTagVerdictRepository(db: Connection) {
  const verdicts = tagVerdictModel(db)
  const idOf = ({ corpId, userId, externalUserId }: RelationKey, tagId: string) =>
    `${corpId}/${userId}/${externalUserId}/${tagId}`
  return {
    listOf: ({ corpId, userId, externalUserId }: RelationKey): Promise<TagVerdict[]> =>
      verdicts.find({ corpId, userId, externalUserId }).lean<TagVerdict[]>().exec(),

    async save(key: RelationKey, { tagId, verdict, at }: Pick<TagVerdict, 'tagId' | 'verdict' | 'at'>): Promise<void> {
      const { corpId, userId, externalUserId } = key
      const row = { corpId, userId, externalUserId, tagId, verdict, at }
      await verdicts.updateOne({ _id: idOf(key, tagId) }, { $set: row }, { upsert: true })
    },

    async remove(key: RelationKey, tagId: string): Promise<void> {
      await verdicts.deleteOne({ _id: idOf(key, tagId) })
    },
  }
}

export type TagVerdictRepository = ReturnType<typeof createTagVerdictRepository>
