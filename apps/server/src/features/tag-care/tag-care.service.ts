import type { ActionRules, CreateTag, JudgeTag, RelationTag, TagCare, TagFreshness } from '@guidebar/contracts'
import { WecomError } from '@guidebar/wecom'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { Can } from '../../platform/permissions.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { OrderLookups } from '../orders/order.lookups.ts'
import type { CustomerReader } from '../relations/customer.reader.ts'
import type { RelationEvent } from '../relations/relation-event.model.ts'
import type { CustomerKey, Relation, RelationKey } from '../relations/relation.model.ts'
import type { TagService } from '../tags/tag.service.ts'
import type { TagVerdictRepository } from './tag-verdict.repository.ts'
import { suggestTags } from './tag.suggestions.ts'

type Deps = {
  verdicts: TagVerdictRepository
  relations: {
    requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<Relation>
    historyOf(key: CustomerKey, page: { limit: number }): Promise<RelationEvent[]>
  }
  customers: Pick<CustomerReader, 'fellowTags'>
  guides: { names(corpId: string, userIds: string[]): Promise<Map<string, { name: string }>> }
  tags: Pick<TagService, 'describeFor' | 'libraryFor' | 'count' | 'refresh'>
  orders: Pick<OrderLookups, 'listOf'>
  profiles: { read(corpId: string, externalUserId: string): Promise<{ tier: string }> }
  /** Chips of a guide's own notes that are not sensitive, newest first. */
  chipsOf(key: RelationKey): Promise<{ chip: string; at: Date }[]>
  actions: { rules(corpId: string): Promise<ActionRules> }
  corps: Corps
  audit: AuditService
  can: Can
  clock: Clock
}

const dayMs = 24 * 3_600_000
/** After half a year nobody knows whether it still holds. */
const staleAfterMs = 180 * dayMs
const historyLooked = 300
const ordersLooked = 20
/** @see https://developer.work.weixin.qq.com/document/path/92117 */
const mostTags = 3_000
const mostNameLength = 30

/** How fresh a customer's tags are, which ones facts speak for, and new tags for the corp. */
export function createTagCareService(deps: Deps) {
  const { verdicts, relations, customers, guides, tags, orders, profiles, chipsOf, actions, corps, audit, can, clock } =
    deps

  const isStale = (confirmedAt: Date) => clock.now().getTime() - confirmedAt.getTime() >= staleAfterMs

  function freshnessOf(
    { tagIds, addedAt, userId }: Relation,
    history: RelationEvent[],
    confirmed: Map<string, Date>,
  ): TagFreshness[] {
    const taggings = history.filter((event) => event.userId === userId && event.kind === 'tagged')
    return tagIds.map((tagId) => {
      // Newest first, so the first one found is the last time it was put on.
      const taggedAt = taggings.find((event) => event.tagIds?.includes(tagId))?.at ?? addedAt
      const said = confirmed.get(tagId)
      const confirmedAt = said && said > taggedAt ? said : taggedAt
      return { tagId, confirmedAt: confirmedAt.toISOString(), isStale: isStale(confirmedAt) }
    })
  }

  async function colleaguesOf(key: RelationKey): Promise<TagCare['byColleagues']> {
    const rows = await customers.fellowTags(key)
    const [words, names] = await Promise.all([
      tags.describeFor(key, [...new Set(rows.flatMap(({ tagIds }) => tagIds))]),
      guides.names(
        key.corpId,
        rows.map(({ userId }) => userId),
      ),
    ])
    return words.map((tag) => ({
      tag,
      byNames: rows.flatMap(({ userId, tagIds }) =>
        tagIds.includes(tag.tagId) ? (names.get(userId)?.name ?? []) : [],
      ),
    }))
  }

  const mayCreate = (guide: GuidePrincipal) => can(guide, 'tags:create')

  return {
    /** @throws AppError RELATION_NOT_FOUND unless the guide follows the customer now */
    async of({ corpId, userId }: GuidePrincipal, externalUserId: string): Promise<TagCare> {
      const key = { corpId, userId, externalUserId }
      const relation = await relations.requireOwn(key, externalUserId)
      const [history, said, bought, profile, chips, byColleagues, { library }, count, { rules }, canCreate] =
        await Promise.all([
          relations.historyOf(key, { limit: historyLooked }),
          verdicts.listOf(key),
          orders.listOf(corpId, externalUserId, { limit: ordersLooked }),
          profiles.read(corpId, externalUserId),
          chipsOf(key),
          colleaguesOf(key),
          tags.libraryFor(key),
          tags.count(corpId),
          actions.rules(corpId),
          mayCreate(key),
        ])
      const confirmed = new Map(
        said.filter(({ verdict }) => verdict === 'confirmed').map(({ tagId, at }) => [tagId, at]),
      )
      const known = new Set(library.groups.flatMap((group) => group.tags.map(({ tagId }) => tagId)))
      return {
        own: freshnessOf(relation, history, confirmed).filter(({ tagId }) => known.has(tagId)),
        byColleagues,
        suggested: suggestTags(
          library,
          rules.flatMap(({ interests }) => interests),
          {
            ownTagIds: relation.tagIds,
            declinedTagIds: said.filter(({ verdict }) => verdict === 'declined').map(({ tagId }) => tagId),
            tier: profile.tier,
            orders: bought,
            chips,
          },
        ),
        limits: { tags: count, mostTags, mostNameLength },
        canCreate,
      }
    },

    /** Safe to repeat. @throws AppError RELATION_NOT_FOUND, TAG_UNKNOWN */
    async judge(
      { corpId, userId }: GuidePrincipal,
      { externalUserId, tagId }: { externalUserId: string; tagId: string },
      { verdict }: JudgeTag,
    ): Promise<void> {
      const key = { corpId, userId, externalUserId }
      await relations.requireOwn(key, externalUserId)
      const [tag] = await tags.describeFor(key, [tagId])
      if (!tag) throw new AppError('TAG_UNKNOWN', 'no such tag in this corp')
      if (verdict === 'open') await verdicts.remove(key, tagId)
      else await verdicts.save(key, { tagId, verdict, at: clock.now() })
    },

    /**
     * Makes a corp tag at WeCom; one of that name in the group is given back as it is, so a repeat is harmless.
     * @throws AppError FORBIDDEN, NOT_FOUND no such group, TAG_LIMIT_REACHED, BAD_REQUEST, and what WeCom says
     * @see https://developer.work.weixin.qq.com/document/path/92117
     */
    async create(guide: GuidePrincipal, { groupId, name: typed }: CreateTag): Promise<RelationTag> {
      if (!(await mayCreate(guide))) throw new AppError('FORBIDDEN', 'new tags are not for this role')
      const { corpId } = guide
      const corp = corps.get(corpId)
      const name = typed.trim()
      if (name === '') throw new AppError('BAD_REQUEST', 'a tag without a name', { at: '/name' })
      const find = async () => (await tags.libraryFor(guide)).library.groups.find((one) => one.groupId === groupId)
      const group = await find()
      if (!corp || !group) throw new AppError('NOT_FOUND', 'no such tag group')
      const toTag = (tagId: string) => ({ tagId, name, groupId, groupName: group.name })
      const known = group.tags.find((tag) => tag.name === name)
      if (known) return toTag(known.tagId)
      if ((await tags.count(corpId)) >= mostTags)
        throw new AppError('TAG_LIMIT_REACHED', `the corp has ${mostTags} tags already`)

      await audit.note(guide, { action: 'tag.created', target: groupId, details: { name } })
      try {
        await corp.wecom.externalContact.addCorpTag({ groupId, tags: [{ name }] })
      } catch (error) {
        // 40071: somebody was faster, or the answer to an earlier try was lost; then it is in the library now.
        if (!(error instanceof WecomError && error.errcode === 40071)) throw toAppError(error)
      }
      await tags.refresh(corp)
      const made = (await find())?.tags.find((tag) => tag.name === name)
      if (!made) throw new AppError('WECOM_REFUSED', 'WeCom took the tag but does not list it')
      return toTag(made.tagId)
    },
  }
}

export type TagCareService = ReturnType<typeof createTagCareService>
