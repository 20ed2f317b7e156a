import type { ContactMeter } from '@guidebar/contracts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'

import { HostError, toHostError } from '../../host/host-error.ts'
import { card, catalogue, quickReply, sendView } from '../../testing/fixtures.ts'
import { apiFailure, byText, createFakeServices, mountPanel } from '../../testing/mount-panel.ts'
import { answering, refusing } from '../../testing/mocks.ts'
import PendingSend from './PendingSend.vue'
import PreviewSheet from './PreviewSheet.vue'

afterEach(() => {
  document.body.innerHTML = ''
  localStorage.clear()
})

const phone = card({ title: '华为新品', sku: 'HW-1' })
const meter = (change: Partial<ContactMeter> = {}): ContactMeter => ({
  today: { byMe: 1, byCorp: 2, left: 10 },
  month: { byMe: 1, byCorp: 2, left: 58 },
  quietNow: false,
  quietUntil: null,
  doNotDisturb: false,
  ...change,
})
const stores = [
  { storeId: '7', storeName: '天河店', quantity: 3, asOf: new Date(Date.now() - 600_000).toISOString(), isMine: true },
  {
    storeId: '8',
    storeName: '越秀店',
    quantity: 5,
    asOf: new Date(Date.now() - 7_200_000).toISOString(),
    isMine: false,
  },
]

type Change = Parameters<typeof createFakeServices>[0]
async function open(props: Record<string, unknown> = {}, change: Change = {}) {
  const world = await createFakeServices({
    ...change,
    api: { getCards: answering(catalogue(phone)), ...change?.api },
    panel: { getStock: answering({ sku: 'HW-1', stores }), ...change?.panel },
  })
  const target = { externalUserId: 'wm-wang' }
  mountPanel(PreviewSheet, world, {
    subject: { card: phone },
    target,
    name: '王姐',
    meter: meter(),
    values: {},
    readOnly: false,
    ...props,
  })
  await flushPromises()
  return world
}
const dialog = () => document.querySelector('[role=dialog]')?.textContent ?? ''
const sendButton = () => document.querySelector<HTMLButtonElement>('.actions__main')
async function tapSend() {
  sendButton()?.click()
  await flushPromises()
}

test('before the tap: what may still follow, stock of my store and of others with their age', async () => {
  await open()

  expect(dialog()).toContain('今天还能收 10 条，本月 58 条')
  expect(dialog()).toContain('3 件 · 10 分钟前')
  byText('button', '另有 1 家店有货').click()
  await flushPromises()
  expect(dialog()).toContain('越秀店5 件 · 2 小时前')
})

test('a document and a film stand there by name and go out one after another', async () => {
  const [assetId, name] = ['a'.repeat(24), '新机首周手册.pdf']
  const parts = [
    { type: 'file' as const, assetId, name },
    { type: 'video' as const, assetId: 'b'.repeat(24), name: '开箱.mp4' },
  ]
  const reply = quickReply({ title: '手册', parts })
  const { api } = await open({ subject: { reply } })

  expect(dialog()).toContain(name)
  expect(dialog()).toContain('开箱.mp4')
  await tapSend()

  await vi.waitFor(() => expect(api.prepareSend).toHaveBeenCalledTimes(2))
  expect(api.prepareSend.mock.calls.map(([request]) => request.content)).toEqual([
    { type: 'reply', replyId: reply.id, part: 0 },
    { type: 'reply', replyId: reply.id, part: 1 },
  ])
})

test('quiet hours and a full day are said before the tap; sending all the same is one tap', async () => {
  const full = meter({ quietNow: true, quietUntil: null, today: { byMe: 3, byCorp: 12, left: 0 } })
  const { api, host } = await open({ meter: full })

  expect(dialog()).toContain('今天已经给这位客户发了 12 条')
  expect(dialog()).toContain('休息时段')
  expect(sendButton()?.textContent).toContain('仍然发送')
  api.prepareSend.mockResolvedValueOnce({
    sendId: 's',
    status: 'pending',
    message: { msgtype: 'text', text: { content: 'x' } },
    warnings: ['DAILY_CAP_REACHED', 'QUIET_HOURS'],
  })
  await tapSend()

  expect(host.send).toHaveBeenCalledTimes(1)
})

test('who wants no messages gets one only with a reason, which goes along', async () => {
  const { api } = await open({ meter: meter({ doNotDisturb: true }) })
  expect(sendButton()?.disabled).toBe(true)

  const field = document.querySelector<HTMLInputElement>('.pace__reason input')
  if (!field) throw new Error('no field')
  field.value = '客户自己来问'
  field.dispatchEvent(new Event('input'))
  await flushPromises()
  await tapSend()

  expect(api.prepareSend.mock.calls[0]?.[0]).toMatchObject({ override: true, overrideReason: '客户自己来问' })
})

test('a customer who asked for rest meanwhile is asked about, not written to', async () => {
  const { host } = await open({}, { api: { prepareSend: refusing(apiFailure('DO_NOT_DISTURB', 409)) } })

  await tapSend()

  expect(dialog()).toContain('客户不希望被打扰')
  expect(document.querySelector('.pace__reason')).not.toBeNull()
  expect(host.send).not.toHaveBeenCalled()
})

test('«tell me when opened» goes along and is remembered', async () => {
  const { api } = await open()

  document.querySelector<HTMLInputElement>('.tell-choice input')?.click()
  await flushPromises()
  await tapSend()

  expect(api.prepareSend.mock.calls[0]?.[0]).toMatchObject({ tellWhenOpened: true })
  document.body.innerHTML = ''
  await open()
  expect(document.querySelector<HTMLInputElement>('.tell-choice input')?.checked).toBe(true)
})

test('a card that leaves the shelf under the guide’s eyes cannot be sent any more', async () => {
  const { queryClient, api, host } = await open()
  api.getCards.mockResolvedValue(catalogue())
  await queryClient.invalidateQueries({ queryKey: ['cards'] })
  await flushPromises()

  expect(dialog()).toContain('这张卡片刚刚下架')
  await tapSend()
  expect(host.send).not.toHaveBeenCalled()
})

test('a client that never answers: we say that we do not know, and send nothing again by ourselves', async () => {
  const silent = new HostError('CLIENT_SILENT', 'sendChatMessage: no answer within 8000 ms')
  const late = new Promise<never>(() => undefined)
  const { host, api } = await open({}, { sendResults: [{ status: 'failed', error: silent, late }] })

  await tapSend()
  expect(document.querySelector('[role=alert]')?.textContent).toContain('不确定是否已发出')
  document
    .querySelector('[role=dialog] .mp-card')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))
  await flushPromises()
  expect(host.send).toHaveBeenCalledTimes(1)
  byText('button', '聊天里有，已发出').click()
  await flushPromises()

  expect(host.send).toHaveBeenCalledTimes(1)
  expect(api.reportOutcome).toHaveBeenCalledWith('send-1', { status: 'client_ok' })
})

test.each([
  ['sendChatMessage:fail_no permission', '没有客户联系权限', 'NO_PERMISSION'],
  ['sendChatMessage:fail_fail_without context of external contact', '这个入口不能这样用', 'WRONG_ENTRY'],
  ['sendChatMessage:fail_invalid miniprogram info', '企业微信不接受这条消息', 'BAD_MESSAGE'],
  ['sendChatMessage:fail, not allow to cross corp', '企业微信不接受这条消息', 'BAD_MESSAGE'],
  ['sendChatMessage:function not exist', '这台设备的企业微信还不支持', 'UNSUPPORTED'],
  ['agentConfig:fail_invalid signature', '企业微信没有通过签名校验', 'BAD_SIGNATURE'],
  ['agentConfig:not match any reliable domain', '这个网址不是应用的可信域名', 'UNTRUSTED_DOMAIN'],
  ['agentConfig:invalid corpId', '登录的企业不对', 'BAD_CORP'],
  ['sendChatMessage:fail_system error', '企业微信没有完成', 'CLIENT_FAILED'],
])('%s is said in plain words, with a code to copy', async (errMsg, title, code) => {
  const copied = vi.fn<(words: string) => Promise<void>>(async () => undefined)
  vi.stubGlobal('navigator', { clipboard: { writeText: copied } })
  await open({}, { sendResults: [{ status: 'failed', error: toHostError({ errMsg }) }] })

  await tapSend()
  byText('[role=alert] button', '复制代码').click()
  await flushPromises()

  const alert = document.querySelector('[role=alert]')
  expect(alert?.textContent).toContain(title)
  expect(alert?.querySelectorAll('p').length).toBeGreaterThanOrEqual(3)
  expect(copied).toHaveBeenCalledWith(expect.stringContaining(code))
  vi.unstubAllGlobals()
})

test('in a group nobody is counted, and the group has its name', async () => {
  const subject = { reply: quickReply({ parts: [{ type: 'card', cardId: phone.id }] }) }
  await open({ subject, target: { chatId: 'wr-1' }, name: '新机尝鲜群', meter: null })

  expect(dialog()).toContain('新机尝鲜群')
  expect(document.querySelector('.pace__left')).toBeNull()
})

test('a message whose page was closed is settled by a look into the chat', async () => {
  const world = await createFakeServices()
  const send = sendView({ status: 'pending' })
  mountPanel(PendingSend, world, { send, target: { externalUserId: 'wm-wang' } })

  byText('button', '没有').click()
  await flushPromises()

  expect(world.api.reportOutcome).toHaveBeenCalledWith(send.id, expect.objectContaining({ status: 'failed' }))
})
