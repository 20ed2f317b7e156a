import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'

import { card, catalogue, sendView } from '../../testing/fixtures.ts'
import { apiFailure, byText, createFakeServices, mountPanel } from '../../testing/mount-panel.ts'
import { answering } from '../../testing/mocks.ts'
import CardPanel from './CardPanel.vue'
import { findCards, takePlaces, toCardIndex } from './card-list.ts'
import { readPriceBand } from './price-band.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

const pura = card({ title: '华为新品', sku: 'HW-PURA80', keys: 'hua wei xin pin', priceFen: 469_900, teamUses: 9 })
const phone = card({ title: 'iPhone 17', sku: 'APL-IP17-256', keys: '', priceFen: 599_900, teamUses: 1 })
const film = card({ title: '钢化膜', sku: 'ACC-FILM', keys: 'gang hua mo', priceFen: 4_900, teamUses: 4 })
const coupon = card({ title: '新人券', sku: '', kind: 'coupon', keys: 'xin ren quan', priceFen: null })
const everything = () => catalogue(film, coupon, phone, pura)

type Change = Parameters<typeof createFakeServices>[0]
async function open(change: Change = {}, target: object = { externalUserId: 'wm-wang' }) {
  const stock = {
    storeId: '7',
    asOf: new Date(Date.now() - 600_000).toISOString(),
    bySku: { 'APL-IP17-256': 0, 'HW-PURA80': 3 },
  }
  const world = await createFakeServices({
    ...change,
    api: { getCards: answering({ ...everything(), stock }), ...change?.api },
    panel: { suggestCards: answering({ cards: [] }), ...change?.panel },
  })
  world.queryClient.setQueryData(['sends', 'wm-wang'], {
    sends: [sendView({ cardId: pura.id, openedAt: '2026-11-21T08:00:00.000Z' })],
    performance: null,
  })
  mountPanel(CardPanel, world, { shown: true, target })
  await flushPromises()
  return world
}
const tiles = () => [...document.querySelectorAll('[role=option]')].map((tile) => tile.textContent ?? '')
async function type(words: string) {
  const box = document.querySelector<HTMLInputElement>('[role=combobox]')
  if (!box) throw new Error('no search box')
  box.value = words
  box.dispatchEvent(new Event('input'))
  await flushPromises()
}

test('what is recommended for this customer comes first, with its reason; then what the team sends', async () => {
  const cards = [{ cardId: phone.id, reason: 'tag', values: { tag: '苹果用户' } }]
  await open({ panel: { suggestCards: answering({ cards }) } })

  expect(tiles()[0]).toContain('因为「苹果用户」')
  expect(tiles()[0]).toContain('本店缺货')
  expect(
    tiles()
      .slice(1)
      .map((tile) => /华为|钢化膜|新人券/.exec(tile)?.[0]),
  ).toEqual(['华为', '钢化膜', '新人券'])
  expect(tiles()[1]).toContain('本店 3 件')
  expect(tiles()[1]).toContain('已打开')
  expect(document.body.textContent).toContain('10 分钟前')
})

test.each([
  ['hwxp', ['华为新品']],
  ['ip17', ['iPhone 17']],
  ['4000-5000', ['华为新品']],
  ['100以内', ['钢化膜']],
  ['5000以上', ['iPhone 17']],
  ['huawei 6000-9000', []],
])('%s finds %s', (query, titles) => {
  const list = everything()
  const index = toCardIndex(list, takePlaces(new Map(), list.cards, []), [])

  expect(findCards(index, { query, kind: 'every', band: null }).map(({ card: { title } }) => title)).toEqual(titles)
})

test('a SKU with numbers in it is no price', () => {
  expect(readPriceBand('APL-IP17-256')).toEqual({ words: 'APL-IP17-256', band: null })
  expect(readPriceBand('华为 5000-3000')).toEqual({ words: '华为', band: { from: 3000, to: 5000 } })
})

test('what stood in the list keeps its place when counts change; what is new is put behind', () => {
  const places = takePlaces(new Map(), [film, pura], [])
  const busy = { ...film, teamUses: 99 }
  const list = catalogue(phone, busy, pura)

  const index = toCardIndex(list, takePlaces(places, list.cards, []), [])

  expect(findCards(index, { query: '', kind: 'every', band: null }).map((hit) => hit.card.title)).toEqual([
    '华为新品',
    '钢化膜',
    'iPhone 17',
  ])
})

test('a card that is taken off the shelf is gone with the next look, which comes by itself', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const { api } = await open()
  expect(tiles().join()).toContain('钢化膜')

  api.getCards.mockResolvedValue(catalogue(coupon, phone, pura))
  await vi.advanceTimersByTimeAsync(11_000)
  await flushPromises()

  expect(tiles().join()).not.toContain('钢化膜')
  vi.useRealTimers()
})

test('nothing found: one tap tells purchasing, once, for this customer', async () => {
  const requestItem = vi
    .fn<(...args: unknown[]) => Promise<{ count: number }>>()
    .mockRejectedValueOnce(apiFailure('TIMEOUT'))
    .mockResolvedValue({ count: 4 })
  await open({ panel: { requestItem } })

  await type('三折叠')
  byText('button', '反馈采购').click()
  await flushPromises()
  expect(document.querySelector('[role=alert]')).not.toBeNull()
  byText('button', '反馈采购').click()
  await flushPromises()

  const asked = requestItem.mock.calls.map(([body]) => body as { key: string; words: string; externalUserId?: string })
  expect(asked[0]).toMatchObject({ words: '三折叠', externalUserId: 'wm-wang' })
  expect(asked[1]?.key).toBe(asked[0]?.key)
  expect(document.body.textContent).toContain('30 天里有 4 次询问')
  expect([...document.querySelectorAll('button')].some((button) => button.textContent?.includes('反馈采购'))).toBe(
    false,
  )
})

test('a filter that leaves nothing offers everything, not the purchasing department', async () => {
  await open()
  byText('[aria-pressed]', '优惠券').click()
  await type('hwxp')

  expect(document.body.textContent).toContain('这个范围里没有卡片')
  byText('button', '看全部').click()
  await flushPromises()
  expect(tiles()).toHaveLength(1)
})

test('without an order from the server the list stands all the same, and stays as it is', async () => {
  let answer: (value: unknown) => void = () => undefined
  const suggestCards = () => new Promise((resolve) => (answer = resolve))
  vi.useFakeTimers({ shouldAdvanceTime: true })
  await open({ panel: { suggestCards } })
  expect(tiles()).toHaveLength(0)

  await vi.advanceTimersByTimeAsync(1_300)
  await flushPromises()
  const before = tiles()
  answer({ cards: [{ cardId: coupon.id, reason: 'recent', values: {} }] })
  await flushPromises()

  expect(before).toHaveLength(4)
  expect(tiles()).toEqual(before)
  vi.useRealTimers()
})
