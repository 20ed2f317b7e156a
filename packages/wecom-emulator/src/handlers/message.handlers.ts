import type { MessageSendAnswer } from '@guidebar/wecom/wire'
import type { MemberRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { countBytes, countCharacters, needText, readInteger, readText } from './parameters.ts'

const TEXT_BYTES_MAX = 2048

/** Messages of the app to members. */
export const messageHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<MessageSendAnswer>({ method: 'POST', path: 'message/send', level: 'partial', answer: sendMessage }),
]

function sendMessage({ world, body }: Call): MessageSendAnswer {
  const { agentId } = world.settings.agent
  const msgType = needText(body, 'msgtype', 40008)
  // The official sample of miniprogram_notice has no agentid.
  if (body.agentid === undefined && msgType !== 'miniprogram_notice') throw new WecomFault(41011)
  if (body.agentid !== undefined && body.agentid !== agentId) throw new WecomFault(301002)
  const content = readContent(world, msgType, body)
  const receivers = readReceivers(world, msgType, body)

  const intervalSec = readInteger(body, 'duplicate_check_interval', { min: 0, max: 14400 }) ?? 1800
  const repeated = body.enable_duplicate_check === 1 && world.messages.isDuplicate(JSON.stringify(body), intervalSec)
  const msgId = repeated ? world.messages.newId() : deliver(world, msgType, content, receivers.members)
  return {
    ...joined('invaliduser', receivers.invalidUsers),
    ...joined('invalidparty', receivers.invalidParties),
    ...joined('invalidtag', receivers.invalidTags),
    ...joined('unlicenseduser', receivers.unlicensed),
    msgid: msgId,
    ...(msgType === 'template_card' && { response_code: world.ids.code() }),
  }
}

/** Too many messages to one member are dropped in silence: nothing in the answer tells. */
function deliver(world: World, msgType: string, content: unknown, members: readonly MemberRecord[]): string {
  const allowed = members.filter((member) => world.limits.allowsMessage(member.userId))
  return world.messages.add({
    userIds: allowed.map((member) => member.userId),
    msgType,
    content,
    droppedUserIds: members.filter((member) => !allowed.includes(member)).map((member) => member.userId),
  }).msgId
}

const joined = (name: string, ids: readonly string[]) => (ids.length > 0 ? { [name]: ids.join('|').toLowerCase() } : {})

const split = (body: Record<string, unknown>, name: string, max: number) => {
  const ids = (readText(body, name) ?? '').split('|').filter((id) => id !== '')
  if (ids.length > max) throw new WecomFault(40032)
  return ids
}

/** @throws WecomFault 81013 when nobody is left, 40058 when nobody was named */
function readReceivers(world: World, msgType: string, body: Record<string, unknown>) {
  const users = split(body, 'touser', 1000)
  const parties = split(body, 'toparty', 100)
  const invalidTags = split(body, 'totag', 100)
  if (users.length + parties.length + invalidTags.length === 0) throw new WecomFault(40058)
  const visible = [...world.directory.members.values()].filter((member) => world.directory.isVisible(member))
  if (users.includes('@all')) {
    if (msgType === 'miniprogram_notice') throw new WecomFault(40058)
    return { members: visible, invalidUsers: [], invalidParties: [], invalidTags: [], unlicensed: [] }
  }
  const found = users.map((userId) => world.directory.find(userId))
  const isInvalid = (member: MemberRecord | undefined) => !member || !world.directory.isVisible(member)
  const reached = new Set(found.filter((member): member is MemberRecord => member !== undefined && !isInvalid(member)))
  const invalidParties: string[] = []
  for (const party of parties) {
    const inside = new Set(world.directory.subtree(Number(party)).map((department) => department.id))
    const members = visible.filter((member) => member.departmentIds.some((id) => inside.has(id)))
    if (members.length === 0) invalidParties.push(party)
    for (const member of members) reached.add(member)
  }
  if (reached.size === 0) throw new WecomFault(81013)
  return {
    members: [...reached].filter((member) => member.licensed),
    invalidUsers: users.filter((_, index) => isInvalid(found[index])),
    invalidParties,
    invalidTags,
    unlicensed: [...reached].filter((member) => !member.licensed).map((member) => member.userId),
  }
}

/** Checks the object under the key of its msgtype. @returns what the member sees of it */
function readContent(world: World, msgType: string, body: Record<string, unknown>): unknown {
  if (!knownTypes.has(msgType)) throw new WecomFault(40008)
  const content = body[msgType]
  if (typeof content !== 'object' || content === null) throw new WecomFault(40058)
  const fields = content as Record<string, unknown>
  if (msgType === 'text' || msgType === 'markdown') {
    const text = needText(fields, 'content', 44004)
    // WeCom does not refuse a text that is too long: it cuts it.
    return { ...fields, content: cutBytes(text, TEXT_BYTES_MAX) }
  }
  if (msgType === 'textcard') checkTextCard(fields)
  if (msgType === 'miniprogram_notice') checkMiniProgramNotice(world, fields)
  if (msgType === 'template_card') checkTemplateCard(fields)
  if (mediaTypes.has(msgType) && !world.media.find(needText(fields, 'media_id', 41006))) throw new WecomFault(40007)
  return content
}

const mediaTypes = new Set(['image', 'voice', 'video', 'file'])
const knownTypes = new Set([
  ...mediaTypes,
  'text',
  'markdown',
  'textcard',
  'news',
  'mpnews',
  'miniprogram_notice',
  'template_card',
])
const cardTypes = new Set([
  'text_notice',
  'news_notice',
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
])

function checkTextCard(card: Record<string, unknown>) {
  needWithin(card, 'title', 128)
  needWithin(card, 'description', 512)
  const url = needText(card, 'url', 40058)
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || countBytes(url) > 2048) throw new WecomFault(40058)
  if (countCharacters(readText(card, 'btntxt') ?? '') > 4) throw new WecomFault(40058)
}

function checkMiniProgramNotice(world: World, notice: Record<string, unknown>) {
  const appId = needText(notice, 'appid', 40058)
  if (!world.settings.linkedMiniPrograms.includes(appId)) throw new WecomFault(90206)
  needWithin(notice, 'title', 12)
  const items = notice.content_item ?? []
  if (!Array.isArray(items) || items.length > 10) throw new WecomFault(40058)
  for (const item of items as Record<string, unknown>[]) {
    needWithin(item, 'key', 10)
    needWithin(item, 'value', 30)
  }
}

function checkTemplateCard(card: Record<string, unknown>) {
  const cardType = needText(card, 'card_type', 40058)
  if (!cardTypes.has(cardType)) throw new WecomFault(40058)
  const taskId = readText(card, 'task_id')
  if (taskId !== undefined && (!/^[\w@-]+$/.test(taskId) || countBytes(taskId) > 128)) throw new WecomFault(40058)
  if (card.action_menu !== undefined && !taskId) throw new WecomFault(40058)
  if (cardType !== 'text_notice') return
  const title = (card.main_title as { title?: string } | undefined)?.title
  if (!card.card_action || (!title && !card.sub_title_text)) throw new WecomFault(40058)
}

function needWithin(fields: Record<string, unknown>, name: string, max: number) {
  if (countCharacters(needText(fields, name, 40058)) > max) throw new WecomFault(40058)
}

function cutBytes(text: string, max: number): string {
  if (countBytes(text) <= max) return text
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += countBytes(character)
    if (bytes > max) break
    kept += character
  }
  return kept
}
