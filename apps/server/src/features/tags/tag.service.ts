import { createHash } from 'node:crypto'

import type { RelationTag, TagLibrary } from '@guidebar/contracts'
import type { TagGroup as WecomTagGroup } from '@guidebar/wecom'

import type { Clock, Corp } from '../../platform/deps.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import type { TagGroup } from './tag-library.model.ts'
import type { TagLibraryRepository } from './tag-library.repository.ts'

type Deps = { libraries: TagLibraryRepository; clock: Clock }

type Dictionary = { version: string; library: TagLibrary; byId: Map<string, RelationTag & { rank: number }> }

/** How long a change made by another process may go unseen here. */
const checkEveryMs = 2_000

/** The corp's tags and their groups: WeCom owns them, we keep a copy. */
export function createTagService({ libraries, clock }: Deps) {
  const kept = new Map<string, { dictionary: Dictionary; checkedAt: number }>()
  const loading = new Map<string, Promise<Dictionary>>()

  /** The copy in this process, checked against the stored version every two seconds. */
  async function dictionaryOf(corpId: string): Promise<Dictionary> {
    const copy = kept.get(corpId)
    if (copy && clock.now().getTime() - copy.checkedAt < checkEveryMs) return copy.dictionary
    const running = loading.get(corpId) ?? load(corpId, copy?.dictionary).finally(() => loading.delete(corpId))
    loading.set(corpId, running)
    return running
  }

  async function load(corpId: string, copy: Dictionary | undefined): Promise<Dictionary> {
    const checkedAt = clock.now().getTime()
    const isCurrent = copy && (await libraries.findVersion(corpId)) === copy.version
    const dictionary = isCurrent ? copy : toDictionary(await libraries.find(corpId))
    kept.set(corpId, { dictionary, checkedAt })
    return dictionary
  }

  return {
    /** All groups with their tags, and the version for the ETag. */
    async library(corpId: string): Promise<{ version: string; library: TagLibrary }> {
      return dictionaryOf(corpId)
    },

    /** Words for tag ids, in the library's order; ids that are no corp tags (any more) are left out. */
    async describe(corpId: string, tagIds: string[]): Promise<RelationTag[]> {
      if (tagIds.length === 0) return []
      const { byId } = await dictionaryOf(corpId)
      return tagIds
        .flatMap((tagId) => byId.get(tagId) ?? [])
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ tagId, name, groupId, groupName }) => ({ tagId, name, groupId, groupName }))
    },

    count: async (corpId: string): Promise<number> => (await dictionaryOf(corpId)).byId.size,

    /** Whether WeCom's library differs from ours; nothing is stored. */
    async differs(corp: Corp, signal?: AbortSignal): Promise<boolean> {
      const groups = toGroups(await corp.wecom.externalContact.getCorpTagList({}, { lane: 'background', signal }))
      return (await libraries.findVersion(corp.corpId)) !== versionOf(groups)
    },

    /**
     * Reads the whole library from WeCom; an unchanged one is not written.
     * @returns how many tags there are
     * @throws WecomError, WecomUnavailable
     */
    async refresh(corp: Corp, signal?: AbortSignal): Promise<number> {
      const { corpId } = corp
      const readBeganAt = clock.now()
      const groups = toGroups(await corp.wecom.externalContact.getCorpTagList({}, { lane: 'background', signal }))
      const version = versionOf(groups)
      if ((await libraries.findVersion(corpId)) !== version) {
        await libraries.save({ corpId, version, groups: groups.map(withKeys), readBeganAt })
      }
      kept.delete(corpId)
      return groups.reduce((sum, { tags }) => sum + tags.length, 0)
    },
  }
}

export type TagService = ReturnType<typeof createTagService>

type BareGroup = { groupId: string; name: string; tags: { tagId: string; name: string }[] }

/** WeCom sorts larger orders first; equals keep the order they came in. */
function toGroups(groups: WecomTagGroup[]): BareGroup[] {
  const byOrder = (a: { order: number }, b: { order: number }) => b.order - a.order
  return groups
    .filter((group) => !group.deleted)
    .toSorted(byOrder)
    .map(({ groupId, name, tags }) => ({
      groupId,
      name,
      tags: tags
        .filter((tag) => !tag.deleted)
        .toSorted(byOrder)
        .map((tag) => ({ tagId: tag.tagId, name: tag.name })),
    }))
}

const withKeys = (group: BareGroup): TagGroup => ({
  ...group,
  tags: group.tags.map((tag) => ({ ...tag, keys: searchKeys(tag.name) })),
})

const versionOf = (groups: BareGroup[]) =>
  createHash('sha256').update(JSON.stringify(groups)).digest('base64url').slice(0, 22)

function toDictionary(record: { version: string; groups: TagGroup[] } | null): Dictionary {
  const groups = record?.groups ?? []
  const tags = groups.flatMap(({ groupId, name: groupName, tags: own }) =>
    own.map(({ tagId, name }) => ({ tagId, name, groupId, groupName })),
  )
  return {
    version: record?.version ?? 'none',
    library: { groups },
    byId: new Map(tags.map((tag, rank) => [tag.tagId, { ...tag, rank }])),
  }
}
