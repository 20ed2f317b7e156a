import type { AddCorpTagAnswer, CorpTag, CorpTagGroup, GetCorpTagListAnswer, OkAnswer } from '@guidebar/wecom/wire'
import type { TagGroupRecord, TagRecord } from '../state/records.ts'
import { liveTagsOf } from '../state/relation.store.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { countCharacters, needText, readInteger, readText, readTexts } from './parameters.ts'
import { needRelation } from './permissions.ts'

const CORP_TAGS_MAX = 10_000
const TAGS_A_PAIR_MAX = 3000
const ORDER = { min: 0, max: 4294967295 }

/** Corp tags, and tagging one relation. */
export const tagHandlers = (define: DefineEndpoint): Endpoint[] => {
  const post = { method: 'POST', level: 'full', customerContact: true } as const
  return [
    define<GetCorpTagListAnswer>({
      ...post,
      path: 'externalcontact/get_corp_tag_list',
      empties: { tag_group: [] },
      answer: listTags,
    }),
    define<AddCorpTagAnswer>({ ...post, path: 'externalcontact/add_corp_tag', answer: addTags }),
    define<OkAnswer>({ ...post, path: 'externalcontact/edit_corp_tag', answer: editTag }),
    define<OkAnswer>({ ...post, path: 'externalcontact/del_corp_tag', answer: deleteTags }),
    define<OkAnswer>({
      ...post,
      path: 'externalcontact/mark_tag',
      lockKey: ({ body }) => `${String(body.userid).toLowerCase()} ${String(body.external_userid)}`,
      answer: markTags,
    }),
  ]
}

const toTag = (tag: TagRecord, withDeleted: boolean): CorpTag => ({
  id: tag.id,
  name: tag.name,
  create_time: tag.createdSec,
  order: tag.order,
  ...(withDeleted && { deleted: tag.deleted }),
})

const toGroup = (group: TagGroupRecord, tags: readonly TagRecord[], withDeleted = false): CorpTagGroup => ({
  group_id: group.id,
  group_name: group.name,
  create_time: group.createdSec,
  order: group.order,
  ...(withDeleted && { deleted: group.deleted }),
  tag: tags.map((tag) => toTag(tag, withDeleted)),
})

function listTags({ world, body }: Call): GetCorpTagListAnswer {
  const { tags } = world
  const groupIds = readTexts(body, 'group_id')
  const tagIds = readTexts(body, 'tag_id')
  // group_id wins; only what is asked for by id shows whether it was deleted.
  if (groupIds.length > 0) {
    const groups = groupIds.map((id) => need(corpGroup(tags.groups.get(id))))
    return { tag_group: groups.map((group) => toGroup(group, group.tags, true)) }
  }
  if (tagIds.length > 0) {
    const asked = tagIds.map((id) => need(tags.tags.get(id)))
    const groups = new Set(asked.map((tag) => need(corpGroup(tag.group))))
    return {
      tag_group: [...groups].map((group) =>
        toGroup(
          group,
          group.tags.filter((tag) => asked.includes(tag)),
          true,
        ),
      ),
    }
  }
  const groups = tags.liveGroups().filter((group) => group.strategyId === null)
  return { tag_group: groups.map((group) => toGroup(group, tags.liveTagsOf(group))) }
}

const corpGroup = (group: TagGroupRecord | undefined) => (group?.strategyId === null ? group : undefined)

function need<T>(record: T | undefined): T {
  if (record === undefined) throw new WecomFault(40068)
  return record
}

function addTags({ world, body }: Call): AddCorpTagAnswer {
  const { tags } = world
  const groupId = readText(body, 'group_id')
  const groupName = readText(body, 'group_name')
  const rows = readNewTags(body)
  if (tags.countCorpTags() + rows.length > CORP_TAGS_MAX) throw new WecomFault(40126)

  // group_id wins over name and order; a known name adds to that group.
  let group = groupId ? need(corpGroup(tags.liveGroup(groupId))) : tags.groupByName(checkName(groupName))
  if (group && rows.some((row) => tags.liveTagsOf(need(group)).some((tag) => tag.name === row.name)))
    throw new WecomFault(40071)
  group ??= tags.addGroup({
    name: checkName(groupName),
    order: readInteger(body, 'order', ORDER),
    createdBy: 'app',
    tags: [],
  })
  const target = group
  const added = rows.map((row) => tags.addTag(target, { ...row, createdBy: 'app' }))
  return {
    tag_group: toGroup(target, world.settings.uncertain.addCorpTagLists === 'all' ? tags.liveTagsOf(target) : added),
  }
}

/** A name given twice is made once. */
function readNewTags(body: Record<string, unknown>): { name: string; order?: number }[] {
  if (!Array.isArray(body.tag) || body.tag.length === 0) throw new WecomFault(40063)
  const rows = new Map<string, { name: string; order?: number }>()
  for (const row of body.tag as unknown[]) {
    if (typeof row !== 'object' || row === null) throw new WecomFault(40058)
    const fields = row as Record<string, unknown>
    const name = checkName(readText(fields, 'name'))
    if (!rows.has(name)) rows.set(name, { name, order: readInteger(fields, 'order', ORDER) })
  }
  return [...rows.values()]
}

function checkName(name: string | undefined): string {
  if (!name || countCharacters(name) > 30) throw new WecomFault(40072)
  return name
}

function editTag({ world, body }: Call): OkAnswer {
  const id = needText(body, 'id', 40068)
  const name = readText(body, 'name')
  if (name !== undefined) checkName(name)
  const order = readInteger(body, 'order', ORDER)
  const tag = world.tags.liveTag(id)
  const target = tag ?? need(corpGroup(world.tags.liveGroup(id)))
  if (tag) need(corpGroup(tag.group))
  checkMaker(world, target)

  const neighbours = tag
    ? world.tags.liveTagsOf(tag.group)
    : world.tags.liveGroups().filter((group) => group.strategyId === null)
  if (name !== undefined && neighbours.some((other) => other !== target && other.name === name))
    throw new WecomFault(40071)
  world.tags.edit(target, { name, order })
  return {}
}

function deleteTags({ world, body }: Call): OkAnswer {
  const tagIds = readTexts(body, 'tag_id')
  const groupIds = readTexts(body, 'group_id')
  if (tagIds.length === 0 && groupIds.length === 0) throw new WecomFault(40063)
  const tags = tagIds.map((id) => need(world.tags.liveTag(id)))
  const groups = groupIds.map((id) => need(corpGroup(world.tags.liveGroup(id))))
  for (const tag of tags) need(corpGroup(tag.group))
  for (const record of [...tags, ...groups]) checkMaker(world, record)
  for (const tag of tags) world.tags.removeTag(tag)
  for (const group of groups) world.tags.removeGroup(group)
  return {}
}

/** An app changes only what it made itself. */
function checkMaker(world: World, record: TagRecord | TagGroupRecord) {
  if (record.createdBy !== 'app') throw new WecomFault(world.settings.uncertain.foreignTagErrcode)
}

function markTags({ world, body }: Call): OkAnswer {
  const userId = needText(body, 'userid', 41009)
  const externalUserId = needText(body, 'external_userid', 41035)
  const add = readTexts(body, 'add_tag')
  const remove = readTexts(body, 'remove_tag')
  if (add.length === 0 && remove.length === 0) throw new WecomFault(40063)
  const relation = needRelation(world, userId, externalUserId)
  const added = add.map((id) => need(world.tags.liveTag(id)))
  const removed = new Set(remove.map((id) => need(world.tags.liveTag(id))))

  const kept = [...new Set([...liveTagsOf(relation), ...added])].filter((tag) => !removed.has(tag))
  if (kept.length > TAGS_A_PAIR_MAX) throw new WecomFault(40058)
  world.relations.edit(relation, { tags: kept })
  return {}
}
