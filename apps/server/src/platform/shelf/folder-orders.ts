import type { ContentKind } from '@guidebar/contracts'
import { Schema, type Connection } from 'mongoose'

const folderOrderSchema = new Schema<{ _id: string; names: string[] }>(
  {
    /** `corpId/kind` */
    _id: { type: String, required: true },
    names: { type: [String], default: [] },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'folderOrders' },
)
const folderOrderModel = (db: Connection) => db.model('FolderOrder', folderOrderSchema)

/** In which order a corp's folders stand. */
export function createFolderOrders(db: Connection) {
  const orders = folderOrderModel(db)
  const keyOf = (corpId: string, kind: ContentKind) => `${corpId}/${kind}`
  return {
    async read(corpId: string, kind: ContentKind): Promise<string[]> {
      return (await orders.findById(keyOf(corpId, kind)).lean<{ names: string[] }>().exec())?.names ?? []
    },
    async save(corpId: string, kind: ContentKind, names: string[]): Promise<void> {
      await orders.updateOne({ _id: keyOf(corpId, kind) }, { $set: { names } }, { upsert: true })
    },
  }
}
export type FolderOrders = ReturnType<typeof createFolderOrders>

/** By folder as the corp ordered them; folders it did not order follow, each where its first item stood. */
export function sortByFolder<T extends { folder: string }>(items: T[], names: string[]): T[] {
  if (names.length === 0) return items
  const place = new Map(names.map((name, index) => [name, index]))
  for (const { folder } of items) if (!place.has(folder)) place.set(folder, place.size)
  return items.toSorted((a, b) => (place.get(a.folder) ?? 0) - (place.get(b.folder) ?? 0))
}
