import type { RelationPage } from '@guidebar/wecom'
import type { SyncChanges } from '@guidebar/contracts'

import type { RelationService } from '../relations/relation.service.ts'
import { createBatcher, type Batcher } from './batcher.ts'
import type { SyncList } from './sync-list.model.ts'
import type { DryFindings, SyncRun } from './sync-run.model.ts'
import type { ListProgress, SyncRepository } from './sync.repository.ts'

/** One page that was read, and where its list goes on once it is stored. */
export type ReadPage = {
  list: SyncList
  rows: RelationPage['rows']
  readBeganAt: Date
  progress: ListProgress
  /** Guides of the list of whom nothing was stored when it was begun. */
  empty: ReadonlySet<string>
}

/** `isLost`: another process goes on with the list. */
export type StoredPage = { isLost: boolean; doubtful: string[] }
export type PageBatcher = Batcher<ReadPage, StoredPage>

type Deps = {
  sync: SyncRepository
  relations: RelationService
  run: Pick<SyncRun, '_id' | 'corpId' | 'kind'>
  /** Lists that are being read. */
  lists: () => number
  onChanges: (changes: Omit<SyncChanges, 'missing'>) => void
}

/** As large as the database likes best, and three at a time: while two wait for it the third one packs. */
const rows = { enough: 700, most: 1_000 }
const writers = 3
const lingerMs = 20

/** Stores pages of several lists together, and after them the places where these lists go on: never before. */
export function createPageBatcher({ sync, relations, run, lists, onChanges }: Deps): PageBatcher {
  const dryRun = run.kind === 'dry'

  return createBatcher({
    sizeOf: (page) => Math.max(1, page.rows.length),
    ...rows,
    lingerMs,
    givers: lists,
    writers,
    async write(pages) {
      const empty = new Set(pages.flatMap((page) => [...page.empty]))
      const options = { origin: { cause: 'sync' as const }, empty, dryRun }
      const saved = await relations.savePages(run.corpId, pages, options)
      if (dryRun) await noteFindings(saved)
      const lost = await sync.saveLists(pages)
      const { added, changed, restored } = saved
      const read = pages.reduce((sum, page) => sum + page.rows.length, 0)
      onChanges({ read, added: added.length, changed: changed.length, restored: restored.length })
      const doubtful = new Set(dryRun ? [] : saved.doubtful)
      return pages.map((page) => ({
        isLost: lost.has(page.list._id),
        doubtful: doubtful.size === 0 ? [] : page.rows.map(toCustomerId).filter((id) => doubtful.has(id)),
      }))
    },
  })

  async function noteFindings(saved: Awaited<ReturnType<RelationService['savePages']>>): Promise<void> {
    const sample = (['added', 'changed', 'restored'] as const).flatMap((kind) =>
      saved[kind].slice(0, 20).map((id): DryFindings['sample'][number] => {
        const [, userId = '', externalUserId = ''] = id.split('/')
        return { kind, userId, externalUserId }
      }),
    )
    if (sample.length > 0) await sync.addFindings(run._id, { sample })
  }
}

const toCustomerId = ({ customer }: RelationPage['rows'][number]) => customer.externalUserId
