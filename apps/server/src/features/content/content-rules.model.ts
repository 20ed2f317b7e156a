import { Schema, type Connection } from 'mongoose'

const contentRulesSchema = new Schema<{ _id: string; needsSecondPerson: boolean }>(
  {
    /** corpId */
    _id: { type: String, required: true },
    needsSecondPerson: { type: Boolean, default: false },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'contentRules' },
)
const contentRulesModel = (db: Connection) => db.model('ContentRules', contentRulesSchema)

export function createContentRulesRepository(db: Connection) {
  const rules = contentRulesModel(db)
  return {
    async read(corpId: string): Promise<{ needsSecondPerson: boolean }> {
      const row = await rules.findById(corpId).lean<{ needsSecondPerson: boolean }>().exec()
      return { needsSecondPerson: row?.needsSecondPerson ?? false }
    },
    async save(corpId: string, { needsSecondPerson }: { needsSecondPerson: boolean }): Promise<void> {
      await rules.updateOne({ _id: corpId }, { $set: { needsSecondPerson } }, { upsert: true })
    },
  }
}
export type ContentRulesRepository = ReturnType<typeof createContentRulesRepository>
