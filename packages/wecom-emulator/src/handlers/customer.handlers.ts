import type {
  BatchGetByUserAnswer,
  ExternalContact,
  ExternalContactGetAnswer,
  ExternalContactListAnswer,
  FollowInfo,
  FollowUser,
  FollowUserTag,
  GetFollowUserListAnswer,
  OkAnswer,
} from '@guidebar/wecom/wire'
import type { CustomerRecord, MemberRecord, RelationRecord } from '../state/records.ts'
import { indexAfter, liveTagsOf } from '../state/relation.store.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { countCharacters, needQuery, needText, readInteger, readText, readTexts } from './parameters.ts'
import { isReachable, isShown, needGuide, needRelation } from './permissions.ts'

const GUIDES_A_PAGE = 500
const CUSTOMERS_A_PAGE = 100

/** Who serves whom, and a guide's notes about a customer. */
export const customerHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<GetFollowUserListAnswer>({
    method: 'GET',
    path: 'externalcontact/get_follow_user_list',
    level: 'full',
    customerContact: true,
    empties: { follow_user: [] },
    answer: ({ world }) => ({ follow_user: visibleGuides(world).map((guide) => guide.userId) }),
  }),
  define<ExternalContactListAnswer>({
    method: 'GET',
    path: 'externalcontact/list',
    level: 'full',
    customerContact: true,
    empties: { external_userid: [] },
    answer: listCustomers,
  }),
  define<ExternalContactGetAnswer>({
    method: 'GET',
    path: 'externalcontact/get',
    level: 'partial',
    customerContact: true,
    answer: getCustomer,
  }),
  define<BatchGetByUserAnswer>({
    method: 'POST',
    path: 'externalcontact/batch/get_by_user',
    level: 'partial',
    customerContact: true,
    empties: { external_contact_list: [] },
    answer: getByUser,
  }),
  define<OkAnswer>({
    method: 'POST',
    path: 'externalcontact/remark',
    level: 'full',
    customerContact: true,
    answer: changeRemark,
  }),
]

const visibleGuides = (world: World) =>
  [...world.directory.members.values()].filter((member) => member.customerContact && world.directory.isVisible(member))

function listCustomers({ world, path, query }: Call): ExternalContactListAnswer {
  const guide = needGuide(world, needQuery(query, 'userid', 41009))
  const isListed = world.relations.listedOn(path)
  const shown = guide.relations.filter((relation) => isShown(world, relation) && isListed(relation))
  if (shown.length === 0) throw new WecomFault(84061)
  return { external_userid: shown.map((relation) => relation.customer.externalUserId) }
}

function getCustomer({ world, path, query }: Call): ExternalContactGetAnswer {
  const externalUserId = needQuery(query, 'external_userid', 41035)
  const customer = world.relations.customers.get(externalUserId)
  if (!customer) throw new WecomFault(40096)
  const reachable = customer.relations.filter((relation) => isReachable(world, relation))
  if (reachable.length === 0)
    throw new WecomFault(customer.relations.some((relation) => isShown(world, relation)) ? 40096 : 84061)

  const cursor = query.get('cursor')
  const from = cursor ? indexAfter(reachable, world.cursors.read(path, externalUserId, cursor).seq) : 0
  const page = reachable.slice(from, from + GUIDES_A_PAGE)
  const last = page.at(-1)
  const more = from + page.length < reachable.length && last !== undefined
  return {
    external_contact: toExternalContact(customer),
    follow_user: page.map(toFollowUser),
    // Absent, not empty, on the last page of this one.
    ...(more && { next_cursor: world.cursors.make(path, externalUserId, { part: 0, seq: last.seq }) }),
  }
}

function getByUser({ world, path, body }: Call): BatchGetByUserAnswer {
  const userIds = readTexts(body, 'userid_list')
  if (userIds.length === 0) throw new WecomFault(40031)
  if (userIds.length > 100) throw new WecomFault(40032)
  const limit = Math.min(readInteger(body, 'limit', { min: 1, max: Number.MAX_SAFE_INTEGER }) ?? 50, CUSTOMERS_A_PAGE)
  const guides = userIds.map((userId) => needGuide(world, userId))
  const unlicensed = guides.filter((guide) => !guide.licensed).map((guide) => guide.userId)
  if (unlicensed.length === guides.length) throw new WecomFault(701008)

  const cursor = readText(body, 'cursor')
  const start = cursor ? world.cursors.read(path, userIds, cursor) : { part: 0, seq: 0 }
  const size = world.settings.uncertain.shortPages ? Math.max(1, Math.floor(limit * 0.7)) : limit
  const page = collectPage(world, path, guides, start, size)
  return {
    external_contact_list: page.rows.map((relation) => ({
      external_contact: toExternalContact(relation.customer),
      follow_info: toFollowInfo(relation),
    })),
    next_cursor: page.next ? world.cursors.make(path, userIds, page.next) : '',
    ...(unlicensed.length > 0 && { fail_info: { unlicensed_userid_list: unlicensed } }),
  }
}

/** Goes on through the guides' lists from a place; `next` is null at the very end. */
function collectPage(
  world: World,
  path: string,
  guides: readonly MemberRecord[],
  start: { part: number; seq: number },
  size: number,
) {
  const rows: RelationRecord[] = []
  const isListed = world.relations.listedOn(path)
  for (let part = start.part; part < guides.length; part += 1) {
    const guide = guides[part]
    if (!guide?.licensed) continue
    const list = guide.relations
    for (let index = part === start.part ? indexAfter(list, start.seq) : 0; index < list.length; index += 1) {
      const relation = list[index]
      if (!relation || !isShown(world, relation) || !isListed(relation)) continue
      // One row too many proves that there is a next page, which begins after the last row of this one.
      if (rows.length === size) return { rows, next: placeOf(rows, guides, part) }
      rows.push(relation)
    }
  }
  return { rows, next: null }
}

function placeOf(rows: readonly RelationRecord[], guides: readonly MemberRecord[], part: number) {
  const last = rows.at(-1)
  const lastPart = last ? guides.lastIndexOf(last.guide, part) : part
  return { part: lastPart, seq: last?.seq ?? 0 }
}

function changeRemark({ world, body }: Call): OkAnswer {
  const userId = needText(body, 'userid', 41009)
  const externalUserId = needText(body, 'external_userid', 41035)
  const change = readRemark(body)
  const relation = needRelation(world, userId, externalUserId)
  if (change.pictureMediaId && !world.media.find(change.pictureMediaId)) throw new WecomFault(40007)

  world.relations.edit(relation, {
    ...(change.remark !== undefined && { remark: change.remark }),
    notes: {
      ...relation.notes,
      ...(change.description !== undefined && { description: change.description }),
      // Only WeChat customers have a company note.
      ...(change.company !== undefined && relation.customer.type === 1 && { company: change.company }),
      ...(change.mobiles && { mobiles: change.mobiles }),
    },
  })
  return {}
}

function readRemark(body: Record<string, unknown>) {
  const bounded = (name: string, max: number) => {
    const text = readText(body, name)
    if (text !== undefined && countCharacters(text) > max) throw new WecomFault(40058)
    return text
  }
  // To clear the numbers an empty text is sent, bare or as the only element.
  const mobiles = body.remark_mobiles === '' ? [] : readTexts(body, 'remark_mobiles').filter((mobile) => mobile !== '')
  const change = {
    remark: bounded('remark', 20),
    description: bounded('description', 150),
    company: bounded('remark_company', 20),
    mobiles: body.remark_mobiles === undefined ? undefined : mobiles,
    pictureMediaId: readText(body, 'remark_pic_mediaid'),
  }
  if (Object.values(change).every((value) => value === undefined)) throw new WecomFault(40058)
  return change
}

function toExternalContact(customer: CustomerRecord): ExternalContact {
  return {
    external_userid: customer.externalUserId,
    name: customer.name,
    type: customer.type,
    avatar: customer.avatar,
    gender: customer.gender,
    ...(customer.unionId && customer.type === 1 && { unionid: customer.unionId }),
    ...(customer.work && {
      position: customer.work.position,
      corp_name: customer.work.corpName,
      corp_full_name: customer.work.corpFullName,
      external_profile: { external_attr: [] },
    }),
  }
}

function toRelationFields(relation: RelationRecord) {
  const { notes, customer } = relation
  return {
    userid: relation.guide.userId,
    remark: relation.remark,
    description: notes.description ?? '',
    createtime: relation.createdSec,
    ...(customer.type === 1 && { remark_corp_name: notes.company ?? '', remark_mobiles: [...(notes.mobiles ?? [])] }),
    oper_userid: relation.operUserId,
    add_way: relation.addWay,
    ...(relation.state && { state: relation.state }),
    ...(notes.wechatChannels && relation.addWay === 10 && { wechat_channels: notes.wechatChannels }),
  }
}

function toFollowUser(relation: RelationRecord): FollowUser {
  const corpTags = liveTagsOf(relation).map((tag): FollowUserTag => ({
    group_name: tag.group.name,
    tag_name: tag.name,
    tag_id: tag.id,
    type: tag.group.strategyId === null ? 1 : 3,
  }))
  const own = (relation.notes.personalTags ?? []).map((tag): FollowUserTag => ({
    group_name: tag.groupName,
    tag_name: tag.name,
    type: 2,
  }))
  return { ...toRelationFields(relation), tags: [...corpTags, ...own] }
}

const toFollowInfo = (relation: RelationRecord): FollowInfo => ({
  ...toRelationFields(relation),
  tag_id: liveTagsOf(relation).map((tag) => tag.id),
})
