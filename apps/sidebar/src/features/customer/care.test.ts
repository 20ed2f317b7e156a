import type { NextAction, TimelineEvent } from '@guidebar/contracts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { shallowRef } from 'vue'

import App from '../../app/App.vue'
import { context, quickReply, relation, tagCare, tagLibrary, tags } from '../../testing/fixtures.ts'
import { answering } from '../../testing/mocks.ts'
import { apiFailure, byText, createFakeServices, mountPanel } from '../../testing/mount-panel.ts'

vi.setConfig({ testTimeout: 20_000 })
vi.mock('../../app/later-style.ts', () => ({ loadLaterStyle: () => Promise.resolve() }))

/** What the end of a list would tell when it comes into sight. */
let seen: (() => void) | undefined
beforeEach(() => {
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Observer)
  vi.stubGlobal(
    'IntersectionObserver',
    class extends Observer {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        super()
        seen = () => tell([{ isIntersecting: true }])
      }
    },
  )
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8_000 })
const words = () => document.body.textContent ?? ''
const dialog = () => document.querySelector<HTMLElement>('[role=dialog]')

async function open(change: Parameters<typeof createFakeServices>[0] = {}) {
  const world = await createFakeServices(change)
  mountPanel(App, world)
  await eventually(() => expect(document.querySelector('[role=tab]')).not.toBeNull())
  return world
}
async function openView(name: string) {
  await eventually(() => byText('.care [role=tab]', name))
  byText('.care [role=tab]', name).click()
  await flushPromises()
}
function type(field: HTMLInputElement | HTMLTextAreaElement | null, text: string) {
  if (!field) throw new Error('no field')
  field.value = text
  field.dispatchEvent(new Event('input'))
}

const action = (change: Partial<NextAction> = {}): NextAction => ({
  key: 'birthday/2026-11-24',
  rule: 'birthday',
  values: { day: '2026-11-24', days: 3 },
  dueAt: '2026-11-23T16:00:00.000Z',
  replyId: null,
  cardId: null,
  ...change,
})
const withAction = (change: Partial<NextAction> = {}) => ({
  getContext: answering(context({ nextAction: action(change) })),
})
const meter = (change = {}) => ({
  today: { byMe: 1, byCorp: 12, left: 0 },
  month: { byMe: 1, byCorp: 20, left: 40 },
  quietNow: false,
  quietUntil: null,
  doNotDisturb: true,
  ...change,
})

test('the header says since when, which tier, how much was sent and who wants his peace', async () => {
  const profile = { tier: '金卡会员', memberNo: 'M1', doNotDisturb: true, openTracking: true }
  await open({ api: { getContext: answering(context({ profile, meter: meter() })) } })

  const head = document.querySelector('.customer-head')?.textContent ?? ''
  for (const part of ['王姐', '金卡会员', '免打扰', '服务自', '昵称：小鱼', '今天 12/12 · 本月 20/60'])
    expect(head).toContain(part)
  expect(document.querySelector('.meter--full')).not.toBeNull()
})

test('one tap on the next action opens the message that is ready', async () => {
  const wishes = quickReply({ title: '生日祝福', parts: [{ type: 'text', text: '生日快乐' }] })
  await open({
    api: { ...withAction({ replyId: wishes.id }), getQuickReplies: answering({ version: '1', replies: [wishes] }) },
  })
  expect(words()).toContain('3 天后生日')

  byText('.next-action button', '看消息').click()

  await eventually(() => expect(dialog()?.textContent).toContain('生日快乐'))
})

test('an occasion that is put away goes at once and is put away with its name', async () => {
  const { panel, api } = await open({ api: withAction(), panel: { putAwayAction: answering(undefined) } })
  byText('.next-action button', '3 天后生日').click()
  await eventually(() => expect(dialog()?.textContent).toContain('会员资料里的生日'))
  api.getContext.mockResolvedValue(context())

  byText('[role=dialog] button', '这次不用了').click()

  await eventually(() => expect(words()).toContain('现在没有要跟进的'))
  expect(panel.putAwayAction).toHaveBeenCalledWith('wm-wang', { key: 'birthday/2026-11-24' })
})

test('a promised follow-up is done or moved from the line', async () => {
  const due = action({ rule: 'follow_up_due', values: { followUpId: 'f1', text: '回电', overdueDays: 2 } })
  const { panel } = await open({
    api: { getContext: answering(context({ nextAction: due })) },
    panel: { finishFollowUp: answering({}), postponeFollowUp: answering({}) },
  })
  expect(words()).toContain('跟进已过 2 天：回电')

  byText('.next-action button', '处理').click()
  await eventually(() => byText('[role=dialog] button', '一周后'))
  byText('[role=dialog] button', '完成').click()

  await eventually(() => expect(panel.finishFollowUp).toHaveBeenCalledWith('f1'))
})

test('a note with chips and a reminder is written once, however often it is tapped', async () => {
  const { panel } = await open({
    panel: {
      getNotes: answering({ notes: [], next: null, consentVersion: '2026-11' }),
      getFollowUps: answering({ followUps: [], next: null }),
      writeNote: vi.fn<() => Promise<unknown>>(() => new Promise((resolve) => setTimeout(() => resolve({}), 20))),
    },
  })
  await openView('备注')
  byText('button', '写备注').click()
  await eventually(() => expect(dialog()).not.toBeNull())
  type(document.querySelector('textarea'), ' 家里添了宝宝 ')
  byText('[role=dialog] button', '有宝宝').click()
  byText('[role=dialog] button', '明天 10:00').click()
  await flushPromises()
  expect(words()).toContain('由企业微信应用消息提醒你')

  const save = byText('[role=dialog] button', '保存')
  save.click()
  save.click()

  await eventually(() => expect(dialog()).toBeNull())
  expect(panel.writeNote).toHaveBeenCalledTimes(1)
  expect(panel.writeNote.mock.calls[0]?.[1]).toMatchObject({
    text: '家里添了宝宝',
    chips: ['有宝宝'],
    visibility: 'store',
    sensitive: false,
    followUpAt: expect.stringMatching(/T/),
  })
})

test('a sensitive note is saved only with consent, and its words are shown only when asked for', async () => {
  const secret = {
    id: 'a'.repeat(24),
    text: null,
    chips: [],
    visibility: 'corp',
    sensitive: true,
    byName: '小李',
    isMine: false,
    createdAt: '2026-11-20T08:00:00.000Z',
    updatedAt: '2026-11-20T08:00:00.000Z',
  }
  const { panel } = await open({
    panel: {
      getNotes: answering({ notes: [secret], next: null, consentVersion: '2026-11' }),
      getFollowUps: answering({ followUps: [], next: null }),
      revealNote: vi
        .fn<() => Promise<unknown>>()
        .mockRejectedValueOnce(apiFailure('FORBIDDEN', 403))
        .mockResolvedValue({ ...secret, text: '孕五月' }),
    },
  })
  await openView('备注')
  await eventually(() => expect(words()).toContain('敏感备注'))

  byText('button', '查看').click()
  await eventually(() => expect(words()).toContain('你的账号不能做这个操作'))
  byText('button', '查看').click()
  await eventually(() => expect(words()).toContain('孕五月'))
  byText('button', '写备注').click()
  await eventually(() => expect(dialog()).not.toBeNull())
  type(document.querySelector('textarea'), '过敏')
  byText('[role=dialog] label', '敏感').querySelector('input')?.click()
  await flushPromises()

  expect(panel.revealNote).toHaveBeenCalledTimes(2)
  expect(byText('[role=dialog] button', '保存').hasAttribute('disabled')).toBe(true)
  byText('.consent label', '客户同意').querySelector('input')?.click()
  await flushPromises()
  expect(byText('[role=dialog] button', '保存').hasAttribute('disabled')).toBe(false)
})

test('the timeline has days, filters, and fetches on until its end', async () => {
  const event = (id: string, change: Partial<TimelineEvent> = {}): TimelineEvent => ({
    id,
    kind: 'sent',
    at: new Date().toISOString(),
    byName: '小美',
    title: '华为新品',
    facts: {},
    ...change,
  })
  const old = event('2', {
    kind: 'bought',
    at: '2025-03-01T08:00:00.000Z',
    title: '手机壳',
    facts: { amountFen: 9_900 },
  })
  const getTimeline = vi.fn<(id: string, page: { before?: string; kinds?: string[] }) => Promise<unknown>>(
    async (_, { before, kinds }) => {
      if (kinds) return { events: [old], next: null }
      return before ? { events: [old], next: null } : { events: [event('1')], next: 'p2' }
    },
  )
  await open({ panel: { getTimeline } })
  await eventually(() => expect(words()).toContain('发出「华为新品」'))
  expect([...document.querySelectorAll('.timeline-day h3')].map((day) => day.textContent)).toEqual(['今天'])

  seen?.()
  await eventually(() => expect(words()).toContain('买了「手机壳」 ¥99'))
  expect(document.querySelectorAll('.timeline-day')).toHaveLength(2)
  expect([...document.querySelectorAll('button')].some((button) => button.textContent?.includes('显示更多'))).toBe(
    false,
  )

  byText('.care button', '购买').click()
  await eventually(() => expect(words()).not.toContain('华为新品'))
  expect(getTimeline.mock.calls.map(([, { before, kinds }]) => [before, kinds?.join()])).toEqual([
    [undefined, undefined],
    ['p2', undefined],
    [undefined, 'bought,matched'],
  ])
})

test('the match helper searches when asked, shows masked candidates, and the guide confirms', async () => {
  const profile = {
    tier: '',
    memberNo: '',
    doNotDisturb: false,
    openTracking: true,
    birthday: null,
    preferences: [],
    coupons: [],
    ownedItems: [],
    asOf: null,
  }
  const member = {
    type: 'member',
    id: 'M8',
    maskedName: '周**',
    tier: '银卡会员',
    title: '',
    amountFen: null,
    paidAt: null,
  }
  const { panel } = await open({
    panel: {
      getProfile: answering(profile),
      searchMatches: answering({ candidates: [member] }),
      confirmMatch: answering({ ...profile, memberNo: 'M8', tier: '银卡会员' }),
    },
  })
  await openView('档案')
  await eventually(() => byText('button', '查找'))
  type(document.querySelector('.care input[type=text]'), '80')
  await flushPromises()
  expect(byText('button', '查找').hasAttribute('disabled')).toBe(true)
  type(document.querySelector('.care input[type=text]'), '8000')
  await flushPromises()
  expect(panel.searchMatches).not.toHaveBeenCalled()
  byText('button', '查找').click()
  await eventually(() => expect(words()).toContain('周** · 银卡会员 · M8'))

  byText('button', '是这位会员').click()

  await eventually(() => expect(panel.confirmMatch).toHaveBeenCalledWith('wm-wang', { type: 'member', id: 'M8' }))
  await eventually(() => expect(words()).toContain('会员号'))
})

const suggestion = { tag: tags.apple, reason: 'bought' as const, words: 'iPhone 13', at: '2026-05-03T08:00:00.000Z' }

test('a suggested tag stands with its reason, goes on with one tap, and may be declined', async () => {
  const { api, panel } = await open({
    panel: {
      getTagCare: answering(tagCare({ suggested: [suggestion, { ...suggestion, tag: tags.huawei, reason: 'noted' }] })),
      judgeTag: answering(undefined),
    },
  })
  await eventually(() =>
    expect(document.querySelector('.tag-hint')?.textContent).toContain('「苹果」？5月3日买了 iPhone 13'),
  )

  byText('.tag-hint button', '打上「苹果」').click()
  await eventually(() => expect(api.markTags).toHaveBeenCalledWith('wm-wang', { add: ['et-apple'], remove: [] }))
  await eventually(() => byText('.tag-hint button', '不要'))
  byText('.tag-hint button', '不要').click()

  await eventually(() => expect(panel.judgeTag).toHaveBeenCalled())
  expect(panel.judgeTag.mock.calls[0]?.[2]).toEqual({ verdict: 'declined' })
})

test('a stale tag is asked about and confirmed; undo takes the answer back', async () => {
  const own = [{ tagId: 'et-member', confirmedAt: '2026-03-01T08:00:00.000Z', isStale: true }]
  const { panel } = await open({
    panel: { getTagCare: answering(tagCare({ own })), judgeTag: answering(undefined) },
  })
  await eventually(() => expect(document.querySelector('.tag-hint')?.textContent).toContain('还对吗'))

  byText('.tag-hint button', '仍然是').click()
  await eventually(() => expect(panel.judgeTag).toHaveBeenCalledTimes(1))
  byText('button', '撤销').click()

  await eventually(() => expect(panel.judgeTag).toHaveBeenCalledTimes(2))
  expect(panel.judgeTag.mock.calls.map(([, tagId, said]) => [tagId, said])).toEqual([
    ['et-member', { verdict: 'confirmed' }],
    ['et-member', { verdict: 'open' }],
  ])
})

test('whoever may, makes a new tag from the search; limits are said before WeCom says them', async () => {
  const { api, panel } = await open({
    api: { markTags: answering(relation({ tags: [tags.member] })) },
    panel: {
      getTagCare: answering(tagCare({ canCreate: true })),
      createTag: answering({ tagId: 'et-new', name: '爱跑步', groupId: 'g-brand', groupName: '品牌' }),
    },
  })
  byText('button', '打标签').click()
  await eventually(() => expect(dialog()?.textContent).toContain('华为'))
  const box = document.querySelector<HTMLInputElement>('[role=dialog] input')
  type(box, '字'.repeat(31))
  await eventually(() => expect(dialog()?.textContent).toContain('最多 30 个字，现在 31 个'))
  type(box, tagLibrary.groups[0]?.tags[0]?.name ?? '')
  await eventually(() => expect(dialog()?.textContent).toContain('这个组里已经有同名标签'))
  type(box, '爱跑步')
  await flushPromises()

  byText('[role=dialog] button', '新建标签「爱跑步」').click()

  await eventually(() => expect(api.markTags).toHaveBeenCalledWith('wm-wang', { add: ['et-new'], remove: [] }))
  expect(panel.createTag).toHaveBeenCalledWith({ groupId: 'g-level', name: '爱跑步' })
})

test('what colleagues put on is told, with who did', async () => {
  await open({ panel: { getTagCare: answering(tagCare({ byColleagues: [{ tag: tags.huawei, byNames: ['陈洁'] }] })) } })

  byText('button', '打标签').click()

  await eventually(() => expect(dialog()?.textContent).toContain('华为 · 陈洁'))
  expect(dialog()?.textContent).toContain('企业微信只允许打的人自己取下')
})

test('a tag that waits for the network is said to be kept, not done', async () => {
  const world = await createFakeServices({
    api: {
      markTags: vi.fn<() => Promise<never>>(async () => Promise.reject(apiFailure('OFFLINE', 0))),
    },
  })
  const add = vi.fn<() => Promise<void>>(async () => undefined)
  world.services.pending.value = { writes: { add, flush: async () => undefined }, waiting: shallowRef([]) }
  const toasts = world.services.toasts
  mountPanel(App, world)
  await eventually(() => byText('button', `取下「${tags.member.name}」`).click())

  await eventually(() => expect(add).toHaveBeenCalledOnce())
  await eventually(() =>
    expect(toasts.list.map(({ text }) => text)).toEqual([
      `去掉标签「${tags.member.name}」已记下，还没同步；联网后自动同步`,
    ]),
  )
})
