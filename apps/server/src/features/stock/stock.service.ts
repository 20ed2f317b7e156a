import type { OwnStock, StockAccepted, StockIntake, StockView } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { StoreReader } from '../guides/store.reader.ts'
import type { StockRepository } from './stock.repository.ts'

type Deps = {
  stock: StockRepository
  stamps: LibraryStamps
  stores: Pick<StoreReader, 'names'>
  guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }
  clock: Clock
}

const shownStores = 50
const ownAgeMs = 60_000
const aheadMs = 5 * 60_000
const toLibraryName = (corpId: string) => `stock/${corpId}`

/** What the stores have, as the firm's systems told it: every figure with its age. */
export function createStockService({ stock, stamps, stores, guides, clock }: Deps) {
  const kept = createKeptAnswers<OwnStock>({ ttlMs: ownAgeMs, now: () => clock.now().getTime() })
  const storeOf = async (guide: GuidePrincipal) => (await guides.find(guide))?.storeId ?? ''
  const readStamp = async (corpId: string) => (await stamps.read([toLibraryName(corpId)]))[0] ?? ''

  async function readOwn(corpId: string, storeId: string): Promise<OwnStock> {
    const rows = await stock.listByStore(corpId, storeId)
    const oldest = Math.min(...rows.map(({ asOf }) => asOf.getTime()))
    return {
      storeId,
      asOf: rows.length > 0 ? new Date(oldest).toISOString() : null,
      bySku: Object.fromEntries(rows.map(({ sku, quantity }) => [sku, quantity])),
    }
  }

  return {
    /** Safe to repeat. Of a pair that stands there twice the last one counts. @throws AppError BAD_REQUEST */
    async take(corpId: string, { asOf, rows }: StockIntake): Promise<StockAccepted> {
      const at = new Date(asOf)
      if (!(at.getTime() <= clock.now().getTime() + aheadMs))
        throw new AppError('BAD_REQUEST', 'a moment that has come is needed', { at: '/asOf' })
      const toId = ({ storeId, sku }: { storeId: string; sku: string }) => `${corpId}/${storeId}/${sku}`
      const distinct = [...new Map(rows.map((row) => [toId(row), row])).entries()]
      const docs = distinct.map(([_id, row]) => ({ _id, corpId, ...row, asOf: at }))
      const count = await stamps.changing(toLibraryName(corpId), () => stock.saveNewer(docs))
      return { kept: count, older: docs.length - count }
    },

    async bySku(guide: GuidePrincipal, sku: string): Promise<StockView> {
      const { corpId } = guide
      const storeId = await storeOf(guide)
      const [own, all] = await Promise.all([
        storeId ? stock.find(corpId, storeId, sku) : null,
        stock.listBySku(corpId, sku, shownStores),
      ])
      const rows = [...(own ? [own] : []), ...all.filter((row) => row.storeId !== storeId)].slice(0, shownStores)
      const names = await stores.names(
        corpId,
        rows.map((row) => row.storeId),
      )
      return {
        sku,
        stores: rows.map((row) => ({
          storeId: row.storeId,
          storeName: names.get(row.storeId) ?? row.storeId,
          quantity: row.quantity,
          asOf: row.asOf.toISOString(),
          isMine: row.storeId === storeId,
        })),
      }
    },

    /** Changes when the own store's figures may have. Costs one small read. */
    async version(guide: GuidePrincipal): Promise<string> {
      const [storeId, stamp] = await Promise.all([storeOf(guide), readStamp(guide.corpId)])
      return `${storeId}/${stamp}`
    },

    async ofOwnStore(guide: GuidePrincipal): Promise<OwnStock> {
      const [storeId, stamp] = await Promise.all([storeOf(guide), readStamp(guide.corpId)])
      return kept.read(`${guide.corpId}/${storeId}/${stamp}`, () => readOwn(guide.corpId, storeId))
    },
  }
}

export type StockService = ReturnType<typeof createStockService>
