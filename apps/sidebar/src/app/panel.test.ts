import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { HostError } from '../host/host-error.ts'
import { card, catalogue, context, quickReply, relation, sendView, tags } from '../testing/fixtures.ts'
import { apiFailure, byText, chatWith, createFakeServices, mountPanel } from '../testing/mount-panel.ts'
import { answering } from '../testing/mocks.ts'
import App from './App.vue'

vi.setConfig({ testTimeout: 20_000 })

// happy-dom fetches no style sheets, so nobody would say that one has come.
vi.mock('./later-style.ts', () => ({ loadLaterStyle: () => Promise.resolve() }))

// happy-dom has no layout to observe.
beforeEach(() => {
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Observer)
  vi.stubGlobal('IntersectionObserver', Observer)
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

async function open(change: Parameters<typeof createFakeServices>[0] = {}) {
  const world = await createFakeServices(change)
  const panel = mountPanel(App, world)
  await settle()
  return { ...world, panel }
}
/** The first lazy part is compiled only when a test asks for it, which takes its time on a busy machine. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8_000 })

/** Lazy parts come in several steps. */
async function settle() {
  for (let step = 0; step < 6; step++) {
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve))
  }
}
const greeting = quickReply({ title: '新客问候', keys: 'xin ke wen hou' })
const points = quickReply({ title: '会员积分', keys: 'hui,kuai yuan ji fen' })
const library = (...replies: ReturnType<typeof quickReply>[]) => ({
  getQuickReplies: answering({ version: '1', replies }),
})
const dialog = () => document.querySelector<HTMLElement>('[role=dialog]')
const heading = () => document.querySelector('h1')?.textContent

async function openTab(name: string) {
  byText('[role=tab]', name).click()
  await eventually(() => expect(document.querySelector('[role=listbox]')).not.toBeNull())
}
async function type(words: string) {
  const box = document.querySelector<HTMLInputElement>('[role=combobox]')
  if (!box) throw new Error('no search box')
  box.value = words
  box.dispatchEvent(new Event('input'))
  await flushPromises()
  return box
}

test('the first view shows who this is, the tags, the likeliest replies and the month', async () => {
  await open({ api: { getContext: answering(context({ topReplies: [greeting] })) } })

  expect(heading()).toContain('王姐')
  expect(document.body.textContent).toContain('昵称：小鱼')
  expect(document.body.textContent).toContain('会员')
  expect(document.body.textContent).toContain('小鱼您好，我是小美')
  await vi.waitFor(() => expect(document.body.textContent).toContain('本月业绩'), 20_000)
  expect(document.body.textContent).toContain('¥1,199')
})

test('search, preview, send: the words arrive filled in, on record first, and once', async () => {
  const order: string[] = []
  const { api, host } = await open({ api: library(greeting, points) })
  host.send.mockImplementation(async () => (order.push('client'), { status: 'ok' }))
  api.prepareSend.mockImplementation(async () => {
    order.push('record')
    return { sendId: 's1', status: 'pending', message: { msgtype: 'text', text: { content: '您好' } } }
  })

  await openTab('话术')
  const box = await type('hyjf')
  expect([...document.querySelectorAll('[role=option]')]).toHaveLength(1)
  expect(document.querySelector('mark')?.textContent).toBe('会员积分')
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  await eventually(() => expect(dialog()?.textContent).toContain('小鱼您好，我是小美'))
  const send = byText('[role=dialog] button', '发送')
  send.click()
  send.click()
  await settle()

  expect(order).toEqual(['record', 'client'])
  expect(api.prepareSend.mock.calls[0]?.[0]).toMatchObject({
    externalUserId: 'wm-wang',
    content: { type: 'reply', replyId: points.id, part: 0, text: '小鱼您好，我是小美' },
  })
  expect(host.send).toHaveBeenCalledWith(expect.objectContaining({ msgtype: 'text' }), { externalUserId: 'wm-wang' })
  expect(api.reportOutcome).toHaveBeenCalledWith('s1', { status: 'client_ok' })
  expect(dialog()).toBeNull()
})

test('a cancelled send is quiet: the preview stays, nothing is called a fault', async () => {
  const { api } = await open({ api: library(greeting), sendResults: [{ status: 'cancelled' }] })
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()).not.toBeNull())

  byText('[role=dialog] button', '发送').click()
  await settle()

  expect(dialog()?.textContent).toContain('已取消，没有发送')
  expect(document.querySelector('[role=alert]')).toBeNull()
  expect(api.reportOutcome).toHaveBeenCalledWith('send-1', { status: 'cancelled' })
})

test('a refused send says cause, next step and a code', async () => {
  const error = new HostError('NO_PERMISSION', 'sendChatMessage:no permission')
  await open({ api: library(greeting), sendResults: [{ status: 'failed', error }] })
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()).not.toBeNull())

  byText('[role=dialog] button', '发送').click()
  await settle()

  const alert = document.querySelector('[role=alert]')?.textContent
  expect(alert).toContain('没有客户联系权限')
  expect(alert).toContain('请管理员')
  expect(alert).toContain('NO_PERMISSION')
})

test('edited words are what is sent', async () => {
  const { api } = await open({ api: library(greeting) })
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()).not.toBeNull())

  byText('[role=dialog] button', '编辑').click()
  await flushPromises()
  const field = document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')
  if (!field) throw new Error('no field')
  field.value = '王姐，周末见'
  field.dispatchEvent(new Event('input'))
  await flushPromises()
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))
  await settle()

  expect(api.prepareSend.mock.calls[0]?.[0].content).toMatchObject({ text: '王姐，周末见' })
})

test('a card goes out in three taps from the open panel', async () => {
  const phone = card({ title: '华为新品' })
  const { api } = await open({ api: { getCards: answering(catalogue(phone)) } })

  await openTab('卡片')
  byText('[role=option]', '华为新品').click()
  await eventually(() => expect(dialog()?.textContent).toContain('天河数码'))
  byText('[role=dialog] button', '发送').click()
  await settle()

  expect(api.prepareSend.mock.calls[0]?.[0].content).toEqual({ type: 'card', cardId: phone.id })
})

test('what came of a card stands beside it, and a tap opens it again', async () => {
  const phone = card()
  const sends = [
    sendView({ cardId: phone.id, openedAt: '2026-11-21T08:00:00.000Z', openedTimes: 1, boughtFen: 899_900 }),
  ]
  await open({
    api: { getContext: answering(context({ sends })), getCards: answering(catalogue(phone)) },
  })

  const row = byText('button', '已购买 ¥8,999')
  expect(row.textContent).toContain('已打开')
  row.click()

  await eventually(() => expect(dialog()?.textContent).toContain(phone.title))
})

const article = {
  id: 'b'.repeat(24),
  title: '新机首周',
  keys: 'xin ji shou zhou',
  description: '七天上手',
  url: 'https://www.example.com/first-week',
  coverUrl: 'https://cdn.example.com/first-week.png',
}

test('everything that was sent has a list of its own, and each is sent again from there', async () => {
  const earlier = [
    sendView({ title: '新机首周', kind: 'link', source: { type: 'article', articleId: 'b'.repeat(24) } }),
    sendView({ title: '随口一句', kind: 'text' }),
  ]
  const { queryClient } = await open({
    api: { getContext: answering(context({ sends: [sendView({ cardId: card().id })] })) },
    panel: { getSendHistory: answering({ sends: earlier, next: null }) },
  })
  queryClient.setQueryData(['articles'], { version: '1', articles: [article] })

  await eventually(() => byText('button', '全部记录').click())
  await eventually(() => byText('[role=dialog] button', '再次发送').click())

  await eventually(() => expect(dialog()?.textContent).toContain('客户打开后'))
})

test('a list that could not be renewed says how old it is', async () => {
  const { queryClient, api } = await open({ api: library(greeting) })
  await openTab('话术')
  api.getQuickReplies.mockRejectedValue(apiFailure('OFFLINE', 0))

  await queryClient.refetchQueries({ queryKey: ['quick-replies'] })

  await eventually(() => expect(document.body.textContent).toContain('网络断开，列表是刚刚的内容'))
  byText('[role=option]', greeting.title)
})

test('a digit sends the nth reply, unless it is typed', async () => {
  const { api } = await open({ api: library(quickReply({ title: '5G 套餐', keys: '5 g _ tao can' }), greeting) })
  await openTab('话术')

  const box = await type('5')
  expect(document.querySelectorAll('[role=option]')).toHaveLength(1)
  box.dispatchEvent(new KeyboardEvent('keydown', { key: '5', bubbles: true }))
  expect(dialog()).toBeNull()
  await type('')
  box.blur()
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '2', bubbles: true }))

  await eventually(() => expect(api.prepareSend).toHaveBeenCalledOnce())
  expect(api.prepareSend.mock.calls[0]?.[0].content).toMatchObject({ type: 'reply', replyId: greeting.id })
})

test('keys of an input method are left alone', async () => {
  await open({ api: library(greeting) })
  await openTab('话术')
  const box = await type('xin')

  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }))
  box.dispatchEvent(new KeyboardEvent('keydown', { key: '1', isComposing: true, bubbles: true }))
  await settle()

  expect(dialog()).toBeNull()
})

test('the keys are shown with one of them', async () => {
  await open({})

  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))

  await vi.waitFor(
    () => expect(document.querySelector('[role=dialog]')?.textContent).toContain('查看这些快捷键'),
    20_000,
  )
})

test('a slash leads to the search of replies from anywhere', async () => {
  await open({ api: library(greeting) })

  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))

  await eventually(() => expect(document.activeElement?.getAttribute('role')).toBe('combobox'))
})

test('a tag comes off at once, undo puts it back, and WeCom hears both in order', async () => {
  const { api } = await open()
  let answer: (marked: ReturnType<typeof relation>) => void = () => undefined
  api.markTags.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)))

  byText('button', '取下「会员」').click()
  await settle()
  expect(document.body.textContent).toContain('还没有标签')
  byText('button', '撤销').click()
  answer(relation({ tags: [] }))
  await settle()

  expect(api.markTags.mock.calls).toEqual([
    ['wm-wang', { add: [], remove: ['et-member'] }],
    ['wm-wang', { add: ['et-member'], remove: [] }],
  ])
  expect(byText('button', '取下「会员」')).toBeTruthy()
})

test('a tag that WeCom refuses is taken back on screen and said', async () => {
  const { api } = await open()
  api.markTags.mockRejectedValue(apiFailure('WECOM_UNAVAILABLE'))

  byText('button', '打标签').click()
  await eventually(() => expect(dialog()?.textContent).toContain('华为'))
  byText('[role=dialog] button', '华为').click()
  await flushPromises()
  await settle()

  expect(byText('[role=dialog] button', '华为').getAttribute('aria-pressed')).toBe('false')
  expect(document.querySelector('[role=alert]')?.textContent).toContain('「华为」没打上：企业微信暂时连不上')
  expect(document.body.textContent).toContain('下面是截至')
})

test('the answer of WeCom is the truth after a change', async () => {
  const { api } = await open()
  api.markTags.mockResolvedValue(relation({ tags: [tags.apple] }))

  byText('button', '取下「会员」').click()
  await settle()

  expect(document.querySelector('.tag-groups')?.textContent).toContain('苹果')
})

test('old data is named as such', async () => {
  await open({ api: { getContext: answering(context({ wecomReachable: false })) } })

  expect(document.body.textContent).toContain('企业微信暂时连不上，下面是截至')
})

test('from the profile everything can be read and nothing changed or sent', async () => {
  const { host } = await open({ heard: chatWith('wm-wang', 'contact_profile'), api: library(greeting) })
  expect(document.body.textContent).toContain('只能查看')
  expect([...document.querySelectorAll('button')].some((button) => button.textContent === '打标签')).toBe(false)
  await openTab('话术')

  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()?.textContent).toContain('小鱼您好'))

  const buttons = [...document.querySelectorAll('[role=dialog] button')].map((button) => button.textContent)
  expect(buttons.join()).toContain('复制')
  expect(buttons.join()).not.toContain('发送')
  expect(host.send).not.toHaveBeenCalled()
})

test('in a group replies and cards go to the group', async () => {
  const { api } = await open({
    heard: { entry: { told: 'group_chat_tools' }, customer: { refused: {} }, group: { told: 'wr-1' } },
    api: { ...library(greeting), getContext: answering(context({ customer: null, relation: null })) },
  })
  expect(byText('[role=tab]', '群聊')).toBeTruthy()
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()?.textContent).toContain('没有客户称呼，用「亲」代替'))

  byText('[role=dialog] button', '发送').click()
  await settle()

  expect(api.prepareSend.mock.calls[0]?.[0]).toMatchObject({ chatId: 'wr-1', content: { text: '亲您好，我是小美' } })
})

const silent = { refused: { code: 'CLIENT_SILENT', message: 'getContext' } }
const noContact = { refused: { err_msg: 'getCurExternalContact:fail_without context' } }
test.each([
  ['outside WeCom', { refused: { code: 'OUTSIDE_WECOM', message: '' } }, '请在企业微信里打开'],
  ['from the workbench', { entry: { told: 'normal' }, customer: noContact }, '请从客户聊天里打开'],
  ['among colleagues', { entry: { told: 'single_chat_tools' }, customer: noContact }, '这个聊天里没有客户'],
  ['from the attachments', { entry: { told: 'chat_attachment' }, customer: noContact }, '请改从聊天工具栏打开'],
  [
    'upstream and downstream',
    { entry: { told: 'chain_single_chat_tools' }, customer: noContact },
    '暂不支持上下游聊天',
  ],
  ['in an old client', { refused: { code: 'CLIENT_TOO_OLD', message: 'wxwork/3.0.21' } }, '请更新企业微信'],
  ['with a refused signature', { refused: { err_msg: 'agentConfig:fail_invalid signature' } }, '没有通过签名校验'],
  ['from a wrong domain', { refused: { err_msg: 'agentConfig:invalid url domain' } }, '不是应用的可信域名'],
  ['in another corp', { refused: { err_msg: 'agentConfig:invalid corpId' } }, '登录的企业不对'],
  ['without rights', { refused: { err_msg: 'getContext:fail no permission' } }, '没有客户联系权限'],
  ['with a silent client', silent, '企业微信没有回应'],
])('%s is a screen of its own', async (_, heard, words) => {
  const { api } = await open({ heard })

  await eventually(() => expect(heading()).toContain(words))
  expect(api.getContext).not.toHaveBeenCalled()
})

test.each([
  ['RELATION_NOT_FOUND', 404, '不在你的客户列表里'],
  ['NOT_A_GUIDE', 403, '你还不在可用名单里'],
  ['OFFLINE', 0, '网络断开了'],
  ['INTERNAL', 500, '出了点问题'],
] as const)('%s is a screen that says what to do', async (code, status, words) => {
  const { api } = await open({
    api: { getContext: vi.fn<() => Promise<unknown>>().mockRejectedValue(apiFailure(code, status)) },
  })
  await eventually(() => expect(heading()).toContain(words))
  api.getContext.mockResolvedValue(context())

  byText('button', '重试').click()

  await eventually(() => expect(heading()).toContain('王姐'))
})

test('when the guide goes to another chat, the panel follows', async () => {
  const { host, api } = await open()
  const [tell] = host.onMaybeSwitched.mock.calls[0] ?? []
  host.currentChat.mockResolvedValue({ entry: 'single_chat_tools', target: { externalUserId: 'wm-li' } })
  api.getContext.mockResolvedValue(context({ relation: relation({ externalUserId: 'wm-li', remark: '李雷' }) }))

  tell?.()

  await eventually(() => expect(heading()).toContain('李雷'))
  expect(api.getContext).toHaveBeenLastCalledWith({ externalUserId: 'wm-li' }, expect.anything())
})

test('a send refused because the chat changed shows the new chat and says that nothing was sent', async () => {
  const error = new HostError('TARGET_CHANGED', '')
  const { host, api } = await open({ api: library(greeting), sendResults: [{ status: 'failed', error }] })
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()).not.toBeNull())
  host.currentChat.mockResolvedValue({ entry: 'single_chat_tools', target: { externalUserId: 'wm-li' } })
  api.getContext.mockResolvedValue(context({ relation: relation({ externalUserId: 'wm-li', remark: '李雷' }) }))

  byText('[role=dialog] button', '发送').click()

  await eventually(() => expect(heading()).toContain('李雷'))
  expect(dialog()).toBeNull()
  await eventually(() => expect(document.querySelector('[role=alert]')?.textContent).toContain('没有发送'))
})

test('a refusal is said even when the panel went to the other chat before it came', async () => {
  const error = new HostError('TARGET_CHANGED', '')
  const { host, api } = await open({ api: library(greeting) })
  await openTab('话术')
  byText('[role=option]', '新客问候').click()
  await eventually(() => expect(dialog()).not.toBeNull())
  host.currentChat.mockResolvedValue({ entry: 'single_chat_tools', target: { externalUserId: 'wm-li' } })
  api.getContext.mockResolvedValue(context({ relation: relation({ externalUserId: 'wm-li', remark: '李雷' }) }))
  let answer = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  host.send.mockImplementationOnce(async () => {
    await answered
    host.tellTargetChanged()
    return { status: 'failed', error }
  })
  byText('[role=dialog] button', '发送').click()
  await eventually(() => expect(host.send).toHaveBeenCalledTimes(1))
  host.onMaybeSwitched.mock.calls[0]?.[0]()
  await eventually(() => expect(heading()).toContain('李雷'))

  answer()

  await eventually(() => expect(document.querySelector('[role=alert]')?.textContent).toContain('没有发送'))
})

test('an answer for another guide is not shown for long: the page starts anew', async () => {
  const other = { userId: 'other', name: '别人', storeId: '1', storeName: '别的店' }
  sessionStorage.clear()

  const { services } = await open({ api: { getContext: answering(context({ guide: other })) } })

  await eventually(() => expect(services.reload).toHaveBeenCalledTimes(1))
})
