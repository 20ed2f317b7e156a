import type { OkAnswer } from '@guidebar/wecom/wire'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { countBytes, needText, readText } from './parameters.ts'

const TEXT_BYTES_MAX = 4000
const ATTACHMENTS_MAX = 9

/** The one message an app may send to a new customer by itself. */
export const welcomeHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<OkAnswer>({
    method: 'POST',
    path: 'externalcontact/send_welcome_msg',
    level: 'partial',
    customerContact: true,
    answer: sendWelcome,
  }),
]

function sendWelcome({ world, body }: Call): OkAnswer {
  const welcomeCode = needText(body, 'welcome_code', 41049)
  const at = world.clock.nowIso()
  const code = world.welcomes.find(welcomeCode)
  const ageMs = code ? world.welcomes.ageMs(code) : null
  let errcode = 0
  try {
    checkContent(world, body)
    world.welcomes.redeem(welcomeCode)
    return {}
  } catch (error) {
    if (error instanceof WecomFault) errcode = error.errcode
    throw error
  } finally {
    const { content = '' } = (body.text ?? {}) as { content?: unknown }
    world.welcomes.calls.push({
      at,
      welcomeCode,
      userId: code?.userId ?? null,
      externalUserId: code?.externalUserId ?? null,
      errcode,
      ageMs,
      text: String(content),
      attachments: Array.isArray(body.attachments) ? body.attachments : [],
    })
  }
}

function checkContent(world: World, body: Record<string, unknown>) {
  const text = readText(needFields(body.text ?? {}), 'content') ?? ''
  const attachments = body.attachments ?? []
  if (!Array.isArray(attachments)) throw new WecomFault(40058)
  if (text === '' && attachments.length === 0) throw new WecomFault(40063)
  if (countBytes(text) > TEXT_BYTES_MAX) throw new WecomFault(40058)
  if (attachments.length > ATTACHMENTS_MAX) throw new WecomFault(41064)
  for (const attachment of attachments as unknown[]) checkAttachment(world, needFields(attachment))
}

function checkAttachment(world: World, attachment: Record<string, unknown>) {
  const type = needText(attachment, 'msgtype', 41065)
  const check = attachmentChecks[type]
  if (!check) throw new WecomFault(41065)
  check(world, needFields(attachment[type]))
}

type Fields = Record<string, unknown>

const attachmentChecks: Record<string, (world: World, fields: Fields) => void> = {
  image(world, fields) {
    if (readText(fields, 'media_id') || !readText(fields, 'pic_url')) needMedia(world, fields, 'media_id')
  },
  link(_world, fields) {
    needWithin(fields, 'title', 128)
    needWithin(fields, 'url', 2048)
    within(fields, 'picurl', 2048)
    within(fields, 'desc', 512)
  },
  miniprogram(world, fields) {
    needWithin(fields, 'title', 64)
    needMedia(world, fields, 'pic_media_id')
    if (!world.settings.linkedMiniPrograms.includes(needText(fields, 'appid', 40058))) throw new WecomFault(90206)
    needText(fields, 'page', 40058)
  },
  video: (world, fields) => needMedia(world, fields, 'media_id'),
  file: (world, fields) => needMedia(world, fields, 'media_id'),
}

function needFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WecomFault(40058)
  return value as Fields
}

function needMedia(world: World, fields: Fields, name: string) {
  if (!world.media.find(needText(fields, name, 41006))) throw new WecomFault(40007)
}

function within(fields: Fields, name: string, maxBytes: number) {
  if (countBytes(readText(fields, name) ?? '') > maxBytes) throw new WecomFault(40058)
}

function needWithin(fields: Fields, name: string, maxBytes: number) {
  needText(fields, name, 40058)
  within(fields, name, maxBytes)
}
