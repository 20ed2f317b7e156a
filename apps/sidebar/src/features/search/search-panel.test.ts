import type { ArticleView, KnowledgeLibrary, ReplyMarks } from '@guidebar/contracts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import App from '../../app/App.vue'
import { context, quickReply, replyMarks } from '../../testing/fixtures.ts'
import { answering } from '../../testing/mocks.ts'
import { byText, createFakeServices, mountPanel } from '../../testing/mount-panel.ts'

vi.setConfig({ testTimeout: 20_000 })
// happy-dom fetches no style sheets, so nobody would say that one has come.
vi.mock('../../app/later-style.ts', () => ({ loadLaterStyle: () => Promise.resolve() }))
// happy-dom has no layout to observe.
beforeEach(() =>
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  ),
)
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8_000 })
const dialog = () => document.querySelector<HTMLElement>('[role=dialog]')
const deposit = quickReply({
  title: '定金说明',
  keys: 'ding jin shuo ming',
  parts: [{ type: 'text', text: '{{customer.name|亲}}，定金[[金额]]元，[[日期]]前付清，{{store.name}}见' }],
})
const greeting = quickReply({ title: '新客问候', keys: 'xin ke wen hou' })
const own = quickReply({ scope: 'personal', title: '我的问候', keys: 'wo de wen hou' })
const knowledge: KnowledgeLibrary = {
  version: '1',
  articles: [
    {
      id: 'a'.repeat(24),
      folder: '手机',
      title: '折叠屏卖点',
      sku: '',
      keys: 'zhe die ping mai dian',
      paragraphs: [{ id: 'hinge', heading: '铰链耐用', text: '二十万次折叠', keys: 'jiao lian nai yong' }],
    },
  ],
}
const article: ArticleView = {
  id: 'b'.repeat(24),
  title: '新机首周怎么用',
  description: '三分钟看懂',
  url: 'https://m.example.com/week',
  coverUrl: 'https://cdn.example.com/c.png',
  keys: 'xin ji shou zhou zen me yong',
}

type Change = Parameters<typeof createFakeServices>[0] & { replies?: ReturnType<typeof quickReply>[] }
async function openSearch({ replies = [greeting, deposit], api = {}, panel = {}, ...change }: Change = {}) {
  const world = await createFakeServices({
    ...change,
    api: { getQuickReplies: answering({ version: '1', replies }), ...api },
    panel: {
      getKnowledge: answering(knowledge),
      getArticles: answering({ version: '1', articles: [article] }),
      ...panel,
    },
  })
  mountPanel(App, world)
  await eventually(() => byText('[role=tab]', '话术'))
  byText('[role=tab]', '话术').click()
  await eventually(() => expect(document.querySelector('[role=option]')).not.toBeNull())
  return world
}
async function type(words: string) {
  const box = document.querySelector<HTMLInputElement>('[role=combobox]')
  if (!box) throw new Error('no search box')
  box.value = words
  box.dispatchEvent(new Event('input'))
  await flushPromises()
  return box
}
const press = (target: Element, key: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const blanks = () => [...document.querySelectorAll<HTMLInputElement>('input.blank')]
async function fill(at: number, words: string) {
  const field = blanks()[at]
  if (!field) throw new Error(`no blank ${at}`)
  field.value = words
  field.dispatchEvent(new Event('input'))
  await flushPromises()
  return field
}
const sent = (world: Awaited<ReturnType<typeof openSearch>>) =>
  world.api.prepareSend.mock.calls.map(([request]) => request.content)

test('blanks are filled one after another, and only then the reply goes out', async () => {
  const world = await openSearch()

  press(await type('djsm'), 'Enter', { ctrlKey: true })
  await eventually(() => expect(blanks()).toHaveLength(2))
  await eventually(() => expect(document.activeElement).toBe(blanks()[0]))
  expect(dialog()?.textContent).toContain('还没填：金额、日期')
  expect(sent(world)).toEqual([])

  const amount = await fill(0, '200')
  press(amount, 'Enter', { isComposing: true })
  expect(document.activeElement).toBe(amount)
  press(amount, 'Enter')
  expect(document.activeElement).toBe(blanks()[1])
  press(await fill(1, '周日'), 'Enter', { ctrlKey: true })

  await eventually(() => expect(dialog()).toBeNull())
  expect(sent(world)).toEqual([
    { type: 'reply', replyId: deposit.id, part: 0, text: '小鱼，定金200元，周日前付清，天河店见' },
  ])
})

test('a variable that nobody knows a value for is filled by hand', async () => {
  const facts = context()
  const guide = { ...facts.guide, storeName: '' }
  await openSearch({ api: { getContext: answering({ ...facts, guide }) } })

  byText('[role=option]', '定金说明').click()

  await eventually(() => expect(blanks().map((field) => field.getAttribute('aria-label'))).toContain('门店名'))
  expect(byText('[role=dialog] button', '发送').hasAttribute('disabled')).toBe(true)
})

test('a paragraph and a page go out as what they are', async () => {
  const world = await openSearch()

  await type('jlny')
  byText('[role=option]', '铰链耐用').click()
  await eventually(() => byText('[role=dialog] button', '发送').click())
  await eventually(() => expect(sent(world)).toHaveLength(1))
  await eventually(() => expect(dialog()).toBeNull())
  await type('xjsz')
  byText('[role=option]', '新机首周').click()
  await eventually(() => expect(dialog()?.textContent).toContain('客户打开后'))
  byText('[role=dialog] button', '发送').click()

  await eventually(() => expect(sent(world)).toHaveLength(2))
  expect(sent(world)).toEqual([
    { type: 'knowledge', articleId: 'a'.repeat(24), paragraphId: 'hinge', text: '二十万次折叠' },
    { type: 'article', articleId: 'b'.repeat(24) },
  ])
})

test('a tag that is found is put on', async () => {
  const world = await openSearch()

  await type('华为')
  byText('[role=option]', '华为').click()

  await eventually(() => expect(world.api.markTags).toHaveBeenCalledWith('wm-wang', { add: ['et-huawei'], remove: [] }))
  expect(dialog()).toBeNull()
})

test('a corp reply is kept as one’s own, an own one is proposed and says what became of it', async () => {
  const copy = quickReply({ scope: 'personal', title: '新客问候' })
  let marks: ReplyMarks = replyMarks()
  const world = await openSearch({
    replies: [greeting, own],
    panel: {
      getReplyMarks: vi.fn<() => Promise<ReplyMarks>>(async () => marks),
      copyReply: answering(copy),
      proposeReply: answering({}),
    },
  })

  byText('[role=option]', '新客问候').click()
  await eventually(() => byText('[role=dialog] button', '存为我的').click())
  await eventually(() => expect(dialog()?.textContent).toContain('修改我的话术'))
  expect(world.panel.copyReply).toHaveBeenCalledWith(greeting.id)
  byText('[role=dialog] button', '关闭').click()
  await flushPromises()

  byText('[role=option]', '我的问候').click()
  await eventually(() => byText('[role=dialog] button', '推荐给企业'))
  marks = replyMarks({ proposals: [{ replyId: own.id, state: 'refused', reason: '价格过期' }] })
  byText('[role=dialog] button', '推荐给企业').click()

  await eventually(() => expect(dialog()?.textContent).toContain('企业这次没有采用：价格过期'))
  byText('[role=dialog] button', '再次推荐')
  expect(world.panel.proposeReply).toHaveBeenCalledWith(own.id)
})

test('own replies are put in order with the keys alone', async () => {
  const second = quickReply({ scope: 'personal', title: '第二条' })
  const world = await openSearch({ replies: [own, second], panel: { orderReplies: answering(undefined) } })
  const titles = () =>
    [...document.querySelectorAll('.reply-row__title')].map((title) => title.textContent?.slice(0, 3))
  byText('button', '我的').click()
  await flushPromises()
  const before = titles()

  byText('button', '给我的话术排序').click()
  await eventually(() => byText('[role=dialog] button', `下移「${own.title}」`).click())
  await flushPromises()
  byText('[role=dialog] button', '保存').click()
  await eventually(() => expect(dialog()).toBeNull())

  expect(world.panel.orderReplies).toHaveBeenCalledWith({ replyIds: [second.id, own.id] })
  expect(titles()).toEqual(before.reverse())
})
