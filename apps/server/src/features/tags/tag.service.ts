import { createHash } from 'node:crypto'

import type { RelationTag, TagLibrary } from '@guidebar/contracts'
import type { TagGroup as WecomTagGroup } from '@guidebar/wecom'

import type { MemberKey } from '../../platform/access.ts'
import type { Clock, Corp } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { Can } from '../../platform/permissions.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import type { SensitiveGroupRepository } from './sensitive-group.repository.ts'
import type { TagGroup } from './tag-library.model.ts'
import type { TagLibraryRepository } from './tag-library.repository.ts'

type Deps = { libraries: TagLibraryRepository; sensitive: SensitiveGroupRepository; can: Can; clock: Clock }

type Dictionary = {
  version: string
  library: TagLibrary
  byId: Map<string, RelationTag & { rank: number }>
  /** Ids of groups that only those with the right see. */
  sensitive: Set<string>
}

/** How long a change made by another process may go unseen here. */
const checkEveryMs = 2_000

/** The corp's tags and their groups: WeCom owns them, we keep a copy. */
export function createTagService({ libraries, sensitive, can, clock }: Deps) {
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
    const [version, hidden] = await Promise.all([libraries.findVersion(corpId), sensitive.list(corpId)])
    const isCurrent = copy && version === copy.version
    const known = isCurrent ? copy : toDictionary(await libraries.find(corpId))
    const dictionary = { ...known, sensitive: hidden }
    kept.set(corpId, { dictionary, checkedAt })
    return dictionary
  }

  /** Which groups are not for this member. */
  async function hiddenFrom(member: MemberKey, { sensitive: groups }: Dictionary): Promise<Set<string>> {
    return groups.size === 0 || (await can(member, 'tags:see-sensitive')) ? new Set() : groups
  }

  const toWords = ({ byId }: Dictionary, tagIds: string[], hidden: Set<string>): RelationTag[] =>
    tagIds
      .flatMap((tagId) => byId.get(tagId) ?? [])
      .filter(({ groupId }) => !hidden.has(groupId))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ tagId, name, groupId, groupName }) => ({ tagId, name, groupId, groupName }))

  return {
    /** All groups with their tags, and the version for the ETag. */
    async library(corpId: string): Promise<{ version: string; library: TagLibrary }> {
      return dictionaryOf(corpId)
    },

    /** Words for tag ids, in the library's order; ids that are no corp tags (any more) are left out. */
    async describe(corpId: string, tagIds: string[]): Promise<RelationTag[]> {
      if (tagIds.length === 0) return []
      return toWords(await dictionaryOf(corpId), tagIds, new Set())
    },

    /** As {@link describe}, without what is not for this member. */
    async describeFor(member: MemberKey, tagIds: string[]): Promise<RelationTag[]> {
      if (tagIds.length === 0) return []
      const dictionary = await dictionaryOf(member.corpId)
      return toWords(dictionary, tagIds, await hiddenFrom(member, dictionary))
    },

    /** As {@link library}, without the groups that are not for this member; these have a version of their own. */
    async libraryFor(member: MemberKey): Promise<{ version: string; library: TagLibrary }> {
      const dictionary = await dictionaryOf(member.corpId)
      const hidden = await hiddenFrom(member, dictionary)
      const { version, library } = dictionary
      if (hidden.size === 0) return { version, library }
      const groups = library.groups.filter(({ groupId }) => !hidden.has(groupId))
      return { version: `${version}-${[...hidden].toSorted().join('-')}`, library: { groups } }
    },

    /** @throws AppError TAG_UNKNOWN for a tag that is not for this member, as if there were none */
    async requireUsable(member: MemberKey, tagIds: string[]): Promise<void> {
      const dictionary = await dictionaryOf(member.corpId)
      const hidden = await hiddenFrom(member, dictionary)
      const isHidden = (tagId: string) => hidden.has(dictionary.byId.get(tagId)?.groupId ?? '')
      if (tagIds.some(isHidden)) throw new AppError('TAG_UNKNOWN', 'no such tag for this member')
    },

    /** Groups that only those with the right see. */
    sensitiveGroups: async (corpId: string): Promise<Set<string>> => (await dictionaryOf(corpId)).sensitive,

    async setSensitive(corpId: string, groupId: string, isSensitive: boolean): Promise<void> {
      await sensitive.set(corpId, groupId, isSensitive)
      kept.delete(corpId)
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
    sensitive: new Set(),
  }
}
