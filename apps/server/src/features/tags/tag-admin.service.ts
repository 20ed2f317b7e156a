import {
  tagLimits,
  type AddTagGroup,
  type AdminTagLibrary,
  type TagDirection,
  type TagLibrary,
} from '@guidebar/contracts'
import { WecomError, WecomUnavailable } from '@guidebar/wecom'

import type { MemberKey } from '../../platform/access.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { TagRuleRepository } from './tag-rule.repository.ts'
import type { TagService } from './tag.service.ts'

type Deps = {
  tags: TagService
  rules: TagRuleRepository
  /** Customers by tag, by our copy. */
  countByTag: (corpId: string, tagIds: string[]) => Promise<Map<string, number>>
  audit: AuditService
  corps: Corps
  clock: Clock
}
type Group = TagLibrary['groups'][number]

/** Counting all tags is no small matter, and nobody needs the figure of this second. */
const countedMs = 15_000
const nameTaken = 40071
const unknownId = 40068

/** Tags and their groups as an admin keeps them. WeCom holds the truth: each act goes there first, then is read back. */
export function createTagAdminService({ tags, rules, countByTag, audit, corps, clock }: Deps) {
  const counted = new Map<string, { at: number; counts: Promise<Map<string, number>> }>()

  async function countsOf(corpId: string, tagIds: string[]): Promise<Map<string, number>> {
    const now = clock.now().getTime()
    const known = counted.get(corpId)
    if (known && now - known.at < countedMs) return known.counts
    const counts = countByTag(corpId, tagIds)
    counted.set(corpId, { at: now, counts })
    counts.catch(() => counted.delete(corpId))
    return counts
  }

  async function view(corpId: string): Promise<AdminTagLibrary> {
    const { groups } = (await tags.library(corpId)).library
    const tagIds = groups.flatMap((group) => group.tags.map(({ tagId }) => tagId))
    const [directions, counts, sensitive] = await Promise.all([
      rules.list(corpId),
      countsOf(corpId, tagIds),
      tags.sensitiveGroups(corpId),
    ])
    return {
      groups: groups.map(({ groupId, name, tags: own }) => ({
        groupId,
        name,
        isSensitive: sensitive.has(groupId),
        tags: own.map((tag) => ({
          tagId: tag.tagId,
          name: tag.name,
          direction: directions.get(tag.tagId) ?? 'none',
          customers: counts.get(tag.tagId) ?? 0,
        })),
      })),
      tagCount: tagIds.length,
    }
  }

  function corpOf(corpId: string): Corp {
    const corp = corps.get(corpId)
    if (!corp) throw new AppError('NOT_FOUND', 'no such corp')
    return corp
  }

  const groupsOf = async (corpId: string): Promise<Group[]> => (await tags.library(corpId)).library.groups

  async function requireTag(corpId: string, tagId: string) {
    const tag = (await groupsOf(corpId)).flatMap((group) => group.tags).find((each) => each.tagId === tagId)
    if (!tag) throw new AppError('TAG_UNKNOWN', 'no such tag')
    return tag
  }

  async function requireGroup(corpId: string, groupId: string): Promise<Group> {
    const group = (await groupsOf(corpId)).find((each) => each.groupId === groupId)
    if (!group) throw new AppError('TAG_UNKNOWN', 'no such group of tags')
    return group
  }

  /** Tells WeCom, then reads its library back. @throws AppError CONFLICT for a name that is taken, and WeCom's others */
  async function change(corpId: string, act: (corp: Corp) => Promise<unknown>): Promise<AdminTagLibrary> {
    const corp = corpOf(corpId)
    try {
      await act(corp)
    } catch (error) {
      // Nobody knows whether it was done: what WeCom says now is what counts.
      const isOpen = error instanceof WecomUnavailable && error.outcome === 'unknown'
      if (isOpen) await tags.refresh(corp).catch(() => undefined)
      if (error instanceof WecomError && error.errcode === nameTaken)
        throw new AppError('CONFLICT', 'there is a tag of that name', { cause: error, at: '/body/name' })
      throw toAppError(error)
    }
    await tags.refresh(corp)
    return view(corpId)
  }

  async function requireRoom(corpId: string, more: number): Promise<void> {
    const there = await tags.count(corpId)
    if (there + more > tagLimits.tags)
      throw new AppError('TAG_LIMIT', `WeCom keeps ${tagLimits.tags} tags, ${there} are there`, {
        at: '/body/tagNames',
      })
  }

  return {
    view: ({ corpId }: MemberKey): Promise<AdminTagLibrary> => view(corpId),

    /**
     * WeCom knows no group without tags, and adds to a group whose name is known.
     * @throws AppError BAD_REQUEST for names longer than WeCom takes, TAG_LIMIT, CONFLICT, WECOM_*
     * @see https://developer.work.weixin.qq.com/document/path/92117
     */
    async addGroup(admin: MemberKey, { name, tagNames }: AddTagGroup): Promise<AdminTagLibrary> {
      const { corpId } = admin
      const groupName = toName(name, '/body/name')
      const names = toNames(tagNames)
      if ((await groupsOf(corpId)).some((group) => group.name === groupName))
        throw new AppError('CONFLICT', 'there is a group of that name', { at: '/body/name' })
      await requireRoom(corpId, names.length)
      await audit.note(admin, { action: 'tags.group-added', target: corpId, after: { name: groupName, tags: names } })
      return change(corpId, (corp) =>
        corp.wecom.externalContact.addCorpTag({ groupName, tags: names.map((each) => ({ name: each })) }),
      )
    },

    /** @throws as `addGroup`, TAG_UNKNOWN for the group */
    async addTags(admin: MemberKey, groupId: string, tagNames: string[]): Promise<AdminTagLibrary> {
      const { corpId } = admin
      const group = await requireGroup(corpId, groupId)
      const names = toNames(tagNames)
      const taken = group.tags.find((tag) => names.includes(tag.name))
      if (taken) throw new AppError('CONFLICT', 'there is a tag of that name', { at: '/body/tagNames' })
      await requireRoom(corpId, names.length)
      await audit.note(admin, { action: 'tags.added', target: groupId, after: { tags: names } })
      return change(corpId, (corp) =>
        corp.wecom.externalContact.addCorpTag({ groupId, tags: names.map((each) => ({ name: each })) }),
      )
    },

    /** @throws AppError TAG_UNKNOWN also for one that this app did not make, CONFLICT, BAD_REQUEST, WECOM_* */
    async renameTag(admin: MemberKey, tagId: string, wanted: string): Promise<AdminTagLibrary> {
      const { name: before } = await requireTag(admin.corpId, tagId)
      const name = toName(wanted, '/body/name')
      await audit.note(admin, { action: 'tags.renamed', target: tagId, before, after: name })
      return change(admin.corpId, (corp) => corp.wecom.externalContact.editCorpTag({ id: tagId, name }))
    },

    /** @throws as `renameTag` */
    async renameGroup(admin: MemberKey, groupId: string, wanted: string): Promise<AdminTagLibrary> {
      const { name: before } = await requireGroup(admin.corpId, groupId)
      const name = toName(wanted, '/body/name')
      await audit.note(admin, { action: 'tags.group-renamed', target: groupId, before, after: name })
      return change(admin.corpId, (corp) => corp.wecom.externalContact.editCorpTag({ id: groupId, name }))
    },

    /** @param ids all groups, in the wanted order @throws AppError CONFLICT when others have come or gone, WECOM_* */
    async orderGroups(admin: MemberKey, ids: string[]): Promise<AdminTagLibrary> {
      const known = (await groupsOf(admin.corpId)).map(({ groupId }) => groupId)
      await noteOrder(admin, admin.corpId, known, ids)
      return change(admin.corpId, (corp) => sort(corp, ids, (groups) => groups))
    },

    /** @param ids all tags of the group, in the wanted order @throws as `orderGroups`, TAG_UNKNOWN for the group */
    async orderTags(admin: MemberKey, groupId: string, ids: string[]): Promise<AdminTagLibrary> {
      const known = (await requireGroup(admin.corpId, groupId)).tags.map(({ tagId }) => tagId)
      await noteOrder(admin, groupId, known, ids)
      return change(admin.corpId, (corp) =>
        sort(corp, ids, (groups) => groups.find((group) => group.id === groupId)?.tags ?? []),
      )
    },

    /** WeCom takes the tag off every customer; the last tag of a group takes the group along. @throws as `renameTag` */
    async removeTag(admin: MemberKey, tagId: string): Promise<AdminTagLibrary> {
      const { name } = await requireTag(admin.corpId, tagId)
      await audit.note(admin, { action: 'tags.removed', target: tagId, before: name })
      return change(admin.corpId, (corp) => remove(corp, { tagIds: [tagId] }))
    },

    /** With all its tags. @throws as `renameTag` */
    async removeGroup(admin: MemberKey, groupId: string): Promise<AdminTagLibrary> {
      const { name, tags: own } = await requireGroup(admin.corpId, groupId)
      const before = { name, tags: own.map((tag) => tag.name) }
      await audit.note(admin, { action: 'tags.group-removed', target: groupId, before })
      return change(admin.corpId, (corp) => remove(corp, { groupIds: [groupId] }))
    },

    /** Guides lose or gain sight of the group within two seconds. @throws AppError TAG_UNKNOWN */
    async setSensitive(admin: MemberKey, groupId: string, isSensitive: boolean): Promise<AdminTagLibrary> {
      const { corpId } = admin
      await requireGroup(corpId, groupId)
      await audit.note(admin, { action: 'tags.sensitivity-set', target: groupId, after: isSensitive })
      await tags.setSensitive(corpId, groupId, isSensitive)
      return view(corpId)
    },

    /** Kept for the connection to the CRM. @throws AppError TAG_UNKNOWN */
    async setDirection(admin: MemberKey, tagId: string, direction: TagDirection): Promise<AdminTagLibrary> {
      const { corpId } = admin
      await requireTag(corpId, tagId)
      const before = (await rules.list(corpId)).get(tagId) ?? 'none'
      await audit.note(admin, { action: 'tags.direction-set', target: tagId, before, after: direction })
      await rules.set(corpId, tagId, direction)
      return view(corpId)
    },
  }

  async function noteOrder(admin: MemberKey, target: string, known: string[], wanted: string[]): Promise<void> {
    const isSame = known.length === wanted.length && known.every((id) => wanted.includes(id))
    if (!isSame) throw new AppError('CONFLICT', 'the list has changed meanwhile', { at: '/body/ids' })
    await audit.note(admin, { action: 'tags.ordered', target, before: known, after: wanted })
  }
}

export type TagAdminService = ReturnType<typeof createTagAdminService>

type Ordered = { id: string; order: number; tags: Ordered[] }

/** WeCom puts larger numbers first. Only what has another number than it should is told, one after the other. */
async function sort(corp: Corp, ids: string[], listOf: (groups: Ordered[]) => Ordered[]): Promise<void> {
  const read = await corp.wecom.externalContact.getCorpTagList()
  const groups = read.map(({ groupId, order, tags: own }): Ordered => ({
    id: groupId,
    order,
    tags: own.map((tag) => ({ id: tag.tagId, order: tag.order, tags: [] })),
  }))
  const orderOf = new Map(listOf(groups).map(({ id, order }) => [id, order]))
  for (const [at, id] of ids.entries()) {
    const order = ids.length - at
    if (orderOf.get(id) !== order) await corp.wecom.externalContact.editCorpTag({ id, order })
  }
}

async function remove(corp: Corp, what: { tagIds?: string[]; groupIds?: string[] }): Promise<void> {
  try {
    await corp.wecom.externalContact.delCorpTag(what)
  } catch (error) {
    // Gone already: that is what was wanted.
    if (!(error instanceof WecomError && error.errcode === unknownId)) throw error
    const left = await corp.wecom.externalContact.getCorpTagList()
    const ids = [...(what.tagIds ?? []), ...(what.groupIds ?? [])]
    const isThere = left.some(
      ({ groupId, tags }) => ids.includes(groupId) || tags.some(({ tagId }) => ids.includes(tagId)),
    )
    if (isThere) throw error
  }
}

function toName(text: string, at: string): string {
  const name = text.trim()
  if (!name || Array.from(name).length > tagLimits.nameLength)
    throw new AppError('BAD_REQUEST', `a name has 1 to ${tagLimits.nameLength} characters`, { at })
  return name
}

function toNames(texts: string[]): string[] {
  return [...new Set(texts.map((text) => toName(text, '/body/tagNames')))]
}
