import type { TagGroupSeed, TagSeed } from '../control-contract.ts'
import type { ChangeCounter } from './changes.ts'
import { type EmulatorClock, toSeconds } from './clock.ts'
import type { Ids } from './random.ts'
import type { TagGroupRecord, TagRecord } from './records.ts'

/** Corp tags and rule-group tags with their groups. Deleted ones stay, because they can be asked for by id. */
export function createTagStore(ids: Ids, clock: EmulatorClock, changes: ChangeCounter) {
  const groups = new Map<string, TagGroupRecord>()
  const tags = new Map<string, TagRecord>()
  // Rises when tags of relations come to exist or cease to, without a change of the relations themselves.
  let epoch = 0

  function addTag(group: TagGroupRecord, row: TagSeed) {
    const fields = {
      id: row.tagId ?? (group.strategyId === null ? ids.tag() : ids.strategyTag()),
      name: row.name,
      order: row.order ?? 0,
      createdSec: row.createdAt ? toSeconds(row.createdAt) : clock.nowSec(),
      createdBy: row.createdBy ?? group.createdBy,
      deleted: row.deleted ?? false,
      group,
    }
    // Relations point at the record, so loading a tag again keeps the object.
    const before = tags.get(fields.id)
    const tag: TagRecord = before ? Object.assign(before, fields) : fields
    group.tags.push(tag)
    tags.set(tag.id, tag)
    epoch += 1
    changes.add()
    return tag
  }

  function addGroup(seed: TagGroupSeed): TagGroupRecord {
    const fields = {
      id: seed.groupId ?? ids.tag(),
      name: seed.name,
      order: seed.order ?? 0,
      createdSec: seed.createdAt ? toSeconds(seed.createdAt) : clock.nowSec(),
      createdBy: seed.createdBy ?? 'app',
      strategyId: seed.strategyId ?? null,
      deleted: seed.deleted ?? false,
      tags: [],
    }
    const before = groups.get(fields.id)
    const group: TagGroupRecord = before ? Object.assign(before, fields) : fields
    groups.set(group.id, group)
    changes.add()
    for (const row of seed.tags) addTag(group, row)
    return group
  }

  function edit(record: TagRecord | TagGroupRecord, change: { name?: string; order?: number }) {
    if (change.name !== undefined) record.name = change.name
    if (change.order !== undefined) record.order = change.order
    changes.add()
  }

  function removeTag(tag: TagRecord) {
    tag.deleted = true
    epoch += 1
    changes.add()
    // A group without tags vanishes.
    if (tag.group.tags.every((other) => other.deleted)) tag.group.deleted = true
  }

  const live = <T extends { deleted: boolean }>(record: T | undefined) =>
    record && !record.deleted ? record : undefined

  return {
    groups,
    tags,
    epoch: () => epoch,
    addGroup,
    addTag,
    edit,
    removeTag,
    removeGroup(group: TagGroupRecord) {
      epoch += 1
      changes.add()
      group.deleted = true
      for (const tag of group.tags) tag.deleted = true
    },
    liveTag: (id: string) => live(tags.get(id)),
    liveGroup: (id: string) => live(groups.get(id)),
    groupByName: (name: string) =>
      [...groups.values()].find((group) => group.name === name && !group.deleted && group.strategyId === null),
    /** Groups and their tags, larger `order` first. */
    liveGroups: () => sortByOrder([...groups.values()].filter((group) => !group.deleted)),
    liveTagsOf: (group: TagGroupRecord) => sortByOrder(group.tags.filter((tag) => !tag.deleted)),
    countCorpTags: () => [...tags.values()].filter((tag) => !tag.deleted && tag.group.strategyId === null).length,
  }
}

const sortByOrder = <T extends { order: number }>(rows: T[]) => rows.toSorted((a, b) => b.order - a.order)
