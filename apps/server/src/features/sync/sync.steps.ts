import type { Clock, Corp } from '../../platform/deps.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { TagService } from '../tags/tag.service.ts'
import type { LossCheck } from './loss.ts'
import { patiently, type Patience } from './patience.ts'
import type { SyncStep } from './sync-run.model.ts'
import type { SyncClaim, SyncRepository } from './sync.repository.ts'

export type SliceSettings = {
  /** A corp with no more guides is read as a whole every hour; of larger ones a day's share. */
  smallGuides: number
  /** In how many slices a whole corp is read. */
  slices: number
  /** Of how many more guides the ids are compared in a slice. */
  idsGuides: number
}

type Deps = {
  sync: SyncRepository
  guides: GuideService
  tags: TagService
  loss: LossCheck
  clock: Clock
  patience: Patience
  slice: SliceSettings
}

/** What a step is given: for whom, until when, and whom to tell how far it is. */
export type StepContext = {
  corp: Corp
  claim: SyncClaim
  signal: AbortSignal
  onProgress: (done: number, total: number | null) => Promise<void>
}

type Step = (context: StepContext) => Promise<void>

/** Each list is one chain of pages: with so many lists enough of them run side by side, and none is longer than WeCom takes. */
const listsWanted = 32
const mostGuidesAList = 100

/**
 * The steps that one process does alone, each brought by its feature. Each may be interrupted anywhere and begun again.
 * Relations stand between `followers` and `tags`: lists that all processes share.
 */
export function createSyncSteps({ sync, guides, tags, loss, patience, slice }: Deps) {
  const directory: Step = async ({ corp, claim, signal, onProgress }) => {
    const dryRun = claim.kind === 'dry'
    if (dryRun) await sync.beginFindings(claim._id)
    if (!claim.withDirectory) return
    const read = () => guides.syncDirectory(corp, { signal, dryRun, onProgress })
    const found = await patiently(read, patience, signal)
    if (dryRun) await sync.addFindings(claim._id, { directory: found })
  }

  const followers: Step = async ({ corp, claim, signal, onProgress }) => {
    const read = () => (claim.kind === 'dry' ? guides.listServing(corp) : guides.refreshServing(corp))
    const serving = (await patiently(read, patience, signal)).toSorted()
    await sync.replaceLists(claim, claim.kind === 'slice' ? await toSlice(corp) : toLists(serving).map(toContent))
    await onProgress(serving.length, serving.length)
  }

  /** The longest unread in whole pages, some more by their ids. */
  async function toSlice({ corpId }: Corp) {
    const serving = (await guides.counts(corpId)).guides
    const share = serving <= slice.smallGuides ? serving : Math.ceil(serving / slice.slices)
    const stale = await guides.listStale(corpId, { limit: share + slice.idsGuides })
    const ids = stale.map(({ userId }) => userId)
    const byIds = toLists(ids.slice(share)).map((userIds) => ({ userIds, mode: 'ids' as const }))
    return [...toLists(ids.slice(0, share)).map(toContent), ...byIds]
  }

  /** After all lists: guides who serve no more, and whose customers therefore stood on none of them. */
  async function afterRelations({ corp, claim, signal }: Omit<StepContext, 'onProgress'>): Promise<void> {
    if (claim.kind === 'dry') return
    for (const userId of await guides.listRangeLeft(corp.corpId)) await loss.checkRange(corp, userId, { signal })
  }

  const tagLibrary: Step = async ({ corp, claim, signal, onProgress }) => {
    if (claim.kind === 'dry') {
      const tagsDiffer = await patiently(() => tags.differs(corp, signal), patience, signal)
      return sync.addFindings(claim._id, { tagsDiffer })
    }
    const count = await patiently(() => tags.refresh(corp, signal), patience, signal)
    await onProgress(count, count)
  }

  const alone: Record<Exclude<SyncStep, 'relations'>, Step> = { directory, followers, tags: tagLibrary }
  return { alone, afterRelations }
}

export type SyncSteps = ReturnType<typeof createSyncSteps>

const toContent = (userIds: string[]) => ({ userIds, mode: 'content' as const })

/** Equal lists of at most 100 guides, 32 of them when there are enough guides. */
export function toLists(userIds: string[]): string[][] {
  const size = Math.max(1, Math.min(mostGuidesAList, Math.ceil(userIds.length / listsWanted)))
  return Array.from({ length: Math.ceil(userIds.length / size) }, (_, index) =>
    userIds.slice(index * size, (index + 1) * size),
  )
}
