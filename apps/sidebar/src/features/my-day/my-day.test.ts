import type { GuideTaskView, ResultsView } from '@guidebar/contracts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'

import { HostError } from '../../host/host-error.ts'
import { byText, createFakeServices, mountPanel } from '../../testing/mount-panel.ts'
import { answering } from '../../testing/mocks.ts'
import MyDayPanel from './MyDayPanel.vue'
import { nextBeijingDay } from './next-beijing-day.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

const content = { type: 'reply' as const, replyId: 'a'.repeat(24) }
const task = (change: Partial<GuideTaskView> = {}): GuideTaskView => ({
  id: 't'.repeat(24),
  title: '通知等新品的老客',
  message: '白色已经到店',
  content,
  dueAt: new Date(Date.now() + 86_400_000).toISOString(),
  total: 2,
  done: 1,
  ...change,
})
const person = (externalUserId: string, customerName: string, doneAt: string | null = null) => ({
  externalUserId,
  customerName,
  avatarUrl: null,
  doneAt,
})
const todo = (externalUserId: string, customerName: string) => ({
  externalUserId,
  customerName,
  avatarUrl: null,
  action: {
    key: `long_absent/${externalUserId}`,
    rule: 'long_absent',
    values: { days: 75 },
    dueAt: '2026-11-21T08:00:00.000Z',
    replyId: content.replyId,
    cardId: null,
  },
})
const results: ResultsView = {
  monthStart: '2026-10-31T16:00:00.000Z',
  sent: 12,
  opened: 7,
  orders: 2,
  amountFen: 40_000,
  offHoursShare: 0.25,
  days: [
    { day: '2026-11-01', sent: 3, opened: 1, orders: 0, amountFen: 0 },
    { day: '2026-11-02', sent: 9, opened: 6, orders: 2, amountFen: 40_000 },
  ],
}

type Change = Parameters<typeof createFakeServices>[0]
const getGuideTasks = vi.fn<(page: { externalUserId?: string }) => Promise<unknown>>(async ({ externalUserId }) =>
  externalUserId ? { tasks: [task({ total: 1, done: 0 })], next: null } : { tasks: [task()], next: null },
)
async function open(props: Record<string, unknown> = {}, change: Change = {}) {
  const world = await createFakeServices({
    ...change,
    panel: {
      getMyDay: answering({ items: [todo('wm-li', '李姐'), todo('wm-wang', '王姐')], total: 2, next: null }),
      getGuideTasks,
      getTaskCustomers: answering({
        customers: [
          person('wm-wang', '王姐'),
          person('wm-li', '李姐'),
          person('wm-zhao', '赵哥', '2026-11-20T02:00:00Z'),
        ],
        next: null,
      }),
      getResults: answering(results),
      putAwayAction: answering(undefined),
      ...change?.panel,
    },
  })
  const panel = mountPanel(MyDayPanel, world, { target: { externalUserId: 'wm-wang' }, readOnly: false, ...props })
  await flushPromises()
  return { ...world, mounted: panel }
}
const section = (name: string) =>
  [...document.querySelectorAll('section')].find((each) => each.querySelector('h2')?.textContent === name)

test('what concerns the customer of this chat is on top, one tap from its message', async () => {
  const { mounted } = await open()

  expect(document.querySelector('section h2')?.textContent).toBe('这位客户的任务')
  section('这位客户的任务')?.querySelector('button')?.click()

  expect(mounted.emitted('open')).toEqual([[content]])
})

test('a task names its customers: here it can be sent, elsewhere it leads to the chat, done is done', async () => {
  const { host, mounted } = await open()
  byText('.task-row', '通知等新品的老客').click()
  await flushPromises()

  const rows = [...document.querySelectorAll('.people .person')].map((row) => row.textContent)
  expect(rows[0]).toContain('正在聊天的客户')
  expect(rows[2]).toContain('已发')
  byText('.people button', '看消息').click()
  byText('.people button', '去聊天：李姐').click()
  await flushPromises()

  expect(mounted.emitted('open')).toEqual([[content]])
  expect(host.openChat).toHaveBeenCalledWith('wm-li')
})

test('a client that cannot open a chat says whom to look for', async () => {
  const { host, services } = await open()
  host.openChat.mockResolvedValue(new HostError('UNSUPPORTED', 'function not exist'))

  byText('.people--rows button', '去聊天：李姐').click()
  await flushPromises()

  expect(services.toasts.list[0]).toMatchObject({ tone: 'bad', code: 'UNSUPPORTED' })
  expect(services.toasts.list[0]?.text).toContain('李姐')
})

test('to-dos say why; put away, they are gone until tomorrow in Beijing', async () => {
  const { panel } = await open()
  expect(section('今天要联系的客户')?.textContent).toContain('75 天没有联系了')
  panel.getMyDay.mockResolvedValue({ items: [], total: 0, next: null })

  byText('button', '李姐：今天不再提醒').click()
  await flushPromises()

  expect(panel.putAwayAction.mock.calls[0]?.[0]).toBe('wm-li')
  const { until } = panel.putAwayAction.mock.calls[0]?.[1] ?? { until: '' }
  expect(until).toBe(nextBeijingDay().toISOString())
  expect(section('今天要联系的客户')?.textContent).toContain('今天都处理完了')
})

test('tomorrow begins at midnight in Beijing, wherever the device is', () => {
  expect(nextBeijingDay(new Date('2026-11-21T15:59:00Z')).toISOString()).toBe('2026-11-21T16:00:00.000Z')
  expect(nextBeijingDay(new Date('2026-11-21T16:00:00Z')).toISOString()).toBe('2026-11-22T16:00:00.000Z')
})

test('own results: sent, opened, bought, the sum and its off-hours share, with the days to be heard', async () => {
  await open()

  const own = section('我的业绩')
  expect(own?.textContent).toContain('11月1日起')
  expect(own?.textContent).toContain('¥400')
  expect(own?.textContent).toContain('25% 成交在非营业时间')
  expect(own?.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('11月2日 ¥400')
})

test('in a group nothing is sent to single customers, but every chat can be opened', async () => {
  await open({ target: { chatId: 'wr-1' } })

  expect(section('这位客户的任务')).toBeUndefined()
  expect(byText('button', '去聊天：王姐')).toBeTruthy()
})
