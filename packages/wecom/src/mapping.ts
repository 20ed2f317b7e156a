import type * as model from './model.ts'
import type * as wire from './wire/index.ts'

const MEDIA_LIFE_MS = 3 * 24 * 3600 * 1000

const toDate = (seconds: number): Date => new Date(seconds * 1000)

/** WeCom sends empty text for «none». */
const orNone = (text: string | undefined): string | undefined => text || undefined

const named = <T>(names: Record<number, T>, value: number | undefined, other: T): T =>
  value === undefined ? other : (names[value] ?? other)

export function toCustomer(contact: wire.ExternalContact): model.Customer {
  return {
    externalUserId: contact.external_userid,
    name: contact.name ?? '',
    kind: named<model.Customer['kind']>({ 1: 'wechat', 2: 'wecom' }, contact.type, 'unknown'),
    gender: named<model.Customer['gender']>({ 1: 'male', 2: 'female' }, contact.gender, 'unknown'),
    avatarUrl: orNone(contact.avatar),
    unionId: orNone(contact.unionid),
    position: orNone(contact.position),
    corpName: orNone(contact.corp_name),
    corpFullName: orNone(contact.corp_full_name),
  }
}

function toRelationBase(follow: Omit<wire.FollowUser, 'tags'>) {
  const channel = follow.wechat_channels
  return {
    userId: follow.userid,
    remark: follow.remark ?? '',
    description: follow.description ?? '',
    addedAt: toDate(follow.createtime),
    remarkMobiles: (follow.remark_mobiles ?? []).filter((mobile) => mobile !== ''),
    remarkCorpName: orNone(follow.remark_corp_name),
    operatorId: orNone(follow.oper_userid),
    addWay: follow.add_way,
    state: orNone(follow.state),
    channel: channel && { nickname: channel.nickname ?? '', source: channel.source ?? 0 },
  }
}

export function toRelationDetail(follow: wire.FollowUser): model.RelationDetail {
  return { ...toRelationBase(follow), tags: (follow.tags ?? []).map(toRelationTag) }
}

export function toRelationSummary(follow: wire.FollowInfo): model.RelationSummary {
  return { ...toRelationBase(follow), tagIds: follow.tag_id ?? [] }
}

function toRelationTag(tag: wire.FollowUserTag): model.RelationTag {
  return {
    kind: named<model.RelationTag['kind']>({ 1: 'corp', 2: 'personal', 3: 'rule' }, tag.type, 'unknown'),
    tagId: orNone(tag.tag_id),
    name: tag.tag_name ?? '',
    groupName: tag.group_name ?? '',
  }
}

export function toRelationPage(answer: wire.BatchGetByUserAnswer): model.RelationPage {
  return {
    rows: answer.external_contact_list.map((row) => ({
      customer: toCustomer(row.external_contact),
      relation: toRelationSummary(row.follow_info),
    })),
    nextCursor: answer.next_cursor || null,
    unlicensedUserIds: answer.fail_info?.unlicensed_userid_list ?? [],
  }
}

export function toGroupChat(chat: wire.GroupChat): model.GroupChat {
  const idsOf = (type: number) => chat.member_list.filter((member) => member.type === type).map(({ userid }) => userid)
  return {
    chatId: chat.chat_id,
    name: chat.name ?? '',
    ownerUserId: chat.owner,
    createdAt: toDate(chat.create_time),
    notice: chat.notice ?? '',
    memberUserIds: idsOf(1),
    externalUserIds: idsOf(2),
  }
}

export function toTagGroup(group: wire.CorpTagGroup): model.TagGroup {
  return {
    groupId: group.group_id,
    name: group.group_name,
    order: group.order ?? 0,
    createdAt: group.create_time === undefined ? undefined : toDate(group.create_time),
    deleted: group.deleted ?? false,
    tags: (group.tag ?? []).map(toTag),
  }
}

function toTag(tag: wire.CorpTag): model.Tag {
  return {
    tagId: tag.id,
    name: tag.name,
    order: tag.order ?? 0,
    createdAt: tag.create_time === undefined ? undefined : toDate(tag.create_time),
    deleted: tag.deleted ?? false,
  }
}

export function toMember(member: wire.Member): model.Member {
  const departmentIds = member.department ?? []
  const statuses: Record<number, model.Member['status']> = { 1: 'active', 2: 'disabled', 4: 'not-activated', 5: 'left' }
  return {
    userId: member.userid,
    name: member.name ?? '',
    alias: member.alias ?? '',
    position: member.position ?? '',
    departmentIds,
    mainDepartmentId: member.main_department,
    leaderOfDepartmentIds: departmentIds.filter((_, index) => member.is_leader_in_dept?.[index] === 1),
    directLeaderUserIds: member.direct_leader ?? [],
    status: named(statuses, member.status, 'unknown'),
    avatarUrl: orNone(member.avatar),
    mobile: orNone(member.mobile),
  }
}

export function toMemberSummary(member: wire.SimpleMember): model.MemberSummary {
  return { userId: member.userid, name: member.name ?? '', departmentIds: member.department ?? [] }
}

export function toDepartment(department: wire.Department): model.Department {
  return {
    ...toDepartmentNode(department),
    name: department.name ?? '',
    leaderUserIds: department.department_leader ?? [],
  }
}

export function toDepartmentNode(department: wire.SimpleDepartment): model.DepartmentNode {
  return { departmentId: department.id, parentId: department.parentid, order: department.order ?? 0 }
}

export function toAgentInfo(agent: wire.AgentGetAnswer): model.AgentInfo {
  return {
    agentId: agent.agentid,
    name: agent.name ?? '',
    logoUrl: orNone(agent.square_logo_url),
    stopped: agent.close === 1,
    trustedDomain: orNone(agent.redirect_domain),
    homeUrl: orNone(agent.home_url),
    visible: {
      userIds: (agent.allow_userinfos?.user ?? []).map(({ userid }) => userid),
      departmentIds: agent.allow_partys?.partyid ?? [],
      tagIds: agent.allow_tags?.tagid ?? [],
    },
  }
}

export function toSignedInUser(answer: wire.GetUserInfoAnswer): model.SignedInUser {
  if (answer.userid) return { kind: 'member', userId: answer.userid, userTicket: orNone(answer.user_ticket) }
  return { kind: 'outsider', openId: orNone(answer.openid), externalUserId: orNone(answer.external_userid) }
}

export function toUploadedMedia(answer: wire.MediaUploadAnswer): model.UploadedMedia {
  const createdAt = toDate(Number(answer.created_at))
  return { mediaId: answer.media_id, createdAt, expiresAt: new Date(createdAt.getTime() + MEDIA_LIFE_MS) }
}

export function toSentMessage(answer: wire.MessageSendAnswer): model.SentMessage {
  const split = (joined: string | undefined) => (joined ?? '').split('|').filter((id) => id !== '')
  return {
    messageId: orNone(answer.msgid),
    invalidUserIds: split(answer.invaliduser),
    invalidDepartmentIds: split(answer.invalidparty).map(Number),
    invalidTagIds: split(answer.invalidtag).map(Number),
    unlicensedUserIds: split(answer.unlicenseduser),
    responseCode: orNone(answer.response_code),
  }
}

export function toRemarkRequest(edit: model.EditRemark): wire.RemarkRequest {
  return {
    userid: edit.userId,
    external_userid: edit.externalUserId,
    remark: edit.remark,
    description: edit.description,
    remark_company: edit.remarkCorpName,
    // An empty list changes nothing at WeCom; one empty number clears them.
    remark_mobiles: edit.remarkMobiles?.length === 0 ? [''] : edit.remarkMobiles,
    remark_pic_mediaid: edit.pictureMediaId,
  }
}

export function toMessageRequest(send: model.SendMessage, agentId: number): wire.MessageSendRequest {
  const to = send.toUserIds
  const frame = {
    touser: to === 'everyone' ? '@all' : to?.join('|'),
    toparty: send.toDepartmentIds?.join('|'),
    totag: send.toTagIds?.join('|'),
    agentid: agentId,
    ...(send.dropDuplicatesForSec !== undefined && {
      enable_duplicate_check: 1,
      duplicate_check_interval: send.dropDuplicatesForSec,
    }),
  }
  const { message } = send
  switch (message.kind) {
    case 'text':
      return { ...frame, msgtype: 'text', text: { content: message.content } }
    case 'markdown':
      return { ...frame, msgtype: 'markdown', markdown: { content: message.content } }
    case 'textCard': {
      const { title, description, url, buttonText } = message
      return { ...frame, msgtype: 'textcard', textcard: { title, description, url, btntxt: buttonText } }
    }
    case 'miniProgramNotice': {
      const { appid, page, title, description, emphasizeFirst, items } = message
      const notice = { appid, page, title, description, emphasis_first_item: emphasizeFirst, content_item: items }
      return { ...frame, msgtype: 'miniprogram_notice', miniprogram_notice: notice }
    }
    default:
      return { ...frame, msgtype: 'template_card', template_card: message.card }
  }
}
