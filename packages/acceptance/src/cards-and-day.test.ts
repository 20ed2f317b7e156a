import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'
import type { SimulatorState } from './simulator.page.ts'

type Box = { x: number; y: number; width: number; height: number }
const themes = ['light', 'dark'] as const
const widths = ['300', '360', '420'] as const

const card = (panel: FrameLocator, name: RegExp) => panel.getByRole('option', { name })
const dialog = (panel: FrameLocator) => panel.getByRole('dialog')
const sendButton = (panel: FrameLocator) => dialog(panel).getByRole('button', { name: /^(仍然)?发送$/ })
const sendCalls = (page: Page) =>
  page.evaluate<number>("window.simulator.calls.filter((call) => call.name === 'sendChatMessage').length")
/** The pretend client's own switch «client silent». */
const silentSwitch =
  "const box = [...document.querySelectorAll('label.switch')].find((each) => each.textContent.includes('客户端不应答')).querySelector('input')"
const groupChat = async (world: { wecom: { chats(): Promise<{ chatId: string }[]> } }) =>
  (await world.wecom.chats())[0]?.chatId ?? ''

describe('cards', () => {
  test('from the open panel to sent in three taps, with stock and pace on the way', async ({ world }) => {
    const { page, panel, chat } = await world.open({ guide: 'ZhouMin', customer: '' })
    await panel.getByRole('tab', { name: '卡片' }).waitFor()
    let taps = 0
    const tap = async (where: { click(): Promise<void> }) => {
      taps += 1
      await where.click()
    }

    await tap(panel.getByRole('tab', { name: '卡片' }))
    await tap(card(panel, /华为 Pura 80/))
    await dialog(panel)
      .getByText(/件 · 刚刚|件 · \d+ (分钟|小时)前|缺货 · /)
      .first()
      .waitFor()
    await dialog(panel)
      .getByText(/今天还能收 \d+ 条/)
      .waitFor()
    await tap(sendButton(panel))
    await chat.getByRole('group', { name: /小程序 华为 Pura 80/ }).waitFor()

    expect(taps).toBeLessThanOrEqual(3)
    expect(await sendCalls(page)).toBe(1)

    // What was sent has a list of its own, and goes out again from there.
    await panel.getByRole('tab', { name: '客户' }).click()
    await panel.getByRole('button', { name: '全部记录' }).click()
    await dialog(panel)
      .getByText(/华为 Pura 80/)
      .first()
      .waitFor()
    await expectClean(page)
    await world.picture(panel, 'panel-sent-360-light')
    await dialog(panel)
      .getByRole('button', { name: /^再次发送「华为 Pura 80/ })
      .first()
      .click()
    await sendButton(panel).waitFor()
  })

  test('found by price and SKU; what nobody sells is one tap from purchasing', async ({ world }) => {
    const { panel, tab } = await world.open()
    await tab('卡片')
    const box = panel.getByRole('combobox', { name: /搜卡片/ })

    await box.fill('4000-5000')
    await card(panel, /华为 Pura 80/).waitFor()
    await expect.poll(() => card(panel, /iPhone 17/).count()).toBe(0)
    await box.fill('APL-IP17P')
    await card(panel, /iPhone 17 Pro/).waitFor()
    await box.fill('三折叠手机')
    await panel.getByRole('button', { name: '反馈采购' }).click()

    await panel.getByText(/已告诉采购，30 天里有 \d+ 次询问/).waitFor()
  })

  test('what an admin takes off the shelf is gone: from the list, and from under the guide’s eyes', async ({
    world,
  }) => {
    const { page, panel, tab } = await world.open()
    const gone: string[] = []
    await page.route('**/api/sidebar/cards', async (route) => {
      const response = await route.fetch()
      const catalogue = (await response.json()) as { cards: { title: string }[] }
      const cards = catalogue.cards.filter(({ title }) => !gone.some((words) => title.includes(words)))
      await route.fulfill({ response, json: { ...catalogue, cards } })
    })
    await tab('卡片')
    await card(panel, /红米 Note 14/).waitFor()

    gone.push('红米 Note 14')
    await tab('客户')
    await tab('卡片')
    await card(panel, /红米 Note 14/).waitFor({ state: 'detached' })
    await card(panel, /华为 Pura 80/).click()
    await sendButton(panel).waitFor()
    gone.push('华为 Pura 80')

    await dialog(panel).getByText('这张卡片刚刚下架').waitFor({ timeout: 30_000 })
    await expect.poll(() => sendButton(panel).isDisabled()).toBe(true)
  })

  test('in a group the card marks the group: its path says nothing of a customer, and the record is the group’s', async ({
    world,
  }) => {
    const chatId = await groupChat(world)
    const { page, panel, chat, tab } = await world.open({ customer: '', chat: chatId })
    await panel.getByRole('heading', { name: '群资料' }).waitFor()
    await panel.getByText('新品到店、以旧换新活动第一时间在群里通知').waitFor()

    await tab('卡片')
    await card(panel, /小米 15 Ultra/).click()
    await dialog(panel).getByText('业绩记在你和这个群名下').waitFor()
    await sendButton(panel).click()
    await chat.getByRole('group', { name: /小程序 小米 15 Ultra/ }).waitFor()

    const sends = await page.evaluate(
      `fetch('/api/sidebar/sends?chatId=${chatId}').then((response) => response.json())`,
    )
    expect(sends).toMatchObject({ sends: [{ kind: 'card', title: expect.stringContaining('小米 15 Ultra') }] })
    await tab('群聊')
    await panel.getByRole('button', { name: /小米 15 Ultra/ }).waitFor()
    await tab('话术')
    await panel.getByRole('option').first().click()
    await dialog(panel).getByText('发给 天河店 · 新机尝鲜群').waitFor()
  })
})

describe('my day', () => {
  test('a task names its customers, leads into a chat, and is done by sending', async ({ world }) => {
    const { panel } = await world.open({ entry: 'normal' })
    await panel.getByRole('button', { name: /通知等新品的老客/ }).click()
    await panel
      .getByRole('button', { name: /^去聊天：吴女士/ })
      .first()
      .waitFor()
    await world.picture(panel, 'panel-day-workbench')

    const other = await world.open()
    await other.tab('今天')
    const here = other.panel.getByRole('region', { name: '这位客户的任务' })
    await here.getByRole('button', { name: '看消息' }).click()
    await sendButton(other.panel).click()
    await other.chat
      .getByText(/您之前问的新款到了/)
      .first()
      .waitFor()

    await here.getByText('已发').waitFor()
    await other.panel.getByText(/1\/3 位已发/).waitFor()
    await other.panel.getByRole('region', { name: '我的业绩' }).getByText('发出').waitFor()
  })

  test('the next customer’s chat is one tap away', async ({ world }) => {
    const { page, panel, tab } = await world.open()
    await tab('今天')

    // Whoever is due: other journeys have written to some of them by now.
    const next = panel
      .getByRole('region', { name: '今天要联系的客户' })
      .getByRole('button', { name: /^去聊天：/ })
      .first()
    const name = (await next.getAttribute('aria-label'))?.slice('去聊天：'.length)
    await next.click()

    await panel.getByRole('heading', { level: 1, name }).waitFor()
    expect(await page.evaluate<string[]>('window.simulator.calls.map((call) => call.name)')).toContain(
      'openEnterpriseChat',
    )
  })
})

describe('nothing goes to the wrong person, and nothing goes twice', () => {
  test('the chat was switched between preview and send: refused, said, and nobody got anything', async ({ world }) => {
    const { page, panel, chat, tab, conversation } = await world.open({ switch: 'keepQuiet' })
    await tab('卡片')
    await card(panel, /OPPO Reno/).click()
    await sendButton(panel).waitFor()

    await conversation(/吴女士/)
    await sendButton(panel).click()

    await panel.getByText('聊天对象变了，没有发送').waitFor()
    await panel.getByRole('heading', { level: 1, name: /吴女士/ }).waitFor()
    expect(await sendCalls(page)).toBe(0)
    expect(await chat.getByRole('group', { name: /OPPO Reno/ }).count()).toBe(0)
  })

  test('a client that goes silent while it sends: we do not know, say so, and send nothing again', async ({
    world,
  }) => {
    const { page, panel, tab } = await world.open()
    await tab('卡片')
    await card(panel, /荣耀 Magic7/).click()
    await sendButton(panel).waitFor()
    // Silent from the moment the message is handed over, and not before.
    await page.evaluate(`window.turnSilent = (on) => { ${silentSwitch}; if (box.checked !== on) box.click() }`)
    await panel.locator('html').evaluate(() => {
      type Bridge = { invoke: (name: string, ...rest: unknown[]) => unknown }
      type Client = { turnSilent: (on: boolean) => void }
      const here = globalThis as unknown as { WeixinJSBridge: Bridge; parent: Client }
      const { invoke } = here.WeixinJSBridge
      here.WeixinJSBridge.invoke = (name, ...rest) => {
        if (name === 'sendChatMessage') here.parent.turnSilent(true)
        return invoke(name, ...rest)
      }
    })

    await sendButton(panel).click()
    await panel.getByRole('alert').getByText('不确定是否已发出').waitFor({ timeout: 30_000 })
    await expectClean(page)
    await world.picture(panel, 'panel-send-unknown')
    await page.evaluate('window.turnSilent(false)')
    await dialog(panel).getByRole('button', { name: '聊天里有，已发出' }).click()
    await dialog(panel).waitFor({ state: 'detached' })

    expect(await sendCalls(page)).toBe(1)
  })

  test('a client that is silent before anything was handed over: nothing was sent, and that is what is said', async ({
    world,
  }) => {
    const { page, panel, tab } = await world.open()
    await tab('卡片')
    await card(panel, /荣耀 Magic7/).click()
    await sendButton(panel).waitFor()
    await page.waitForTimeout(2_000)
    await page.evaluate(`${silentSwitch}; box.click()`)

    await sendButton(panel).click()
    await panel.getByRole('alert').getByText('没有发送：企业微信没有回应').waitFor({ timeout: 30_000 })

    expect(await sendCalls(page)).toBe(0)
  })
})

describe.each(themes)('in the %s theme', (theme) => {
  test.for(widths)('cards, a preview, the day and a group fit into %s px and are clean', async (width, { world }) => {
    const { page, panel, tab } = await world.open({ theme, width })
    const look = async (name: string) => {
      await page.waitForLoadState('networkidle')
      const wider = await panel
        .locator('html')
        .evaluate((html: { scrollWidth: number; clientWidth: number }) => html.scrollWidth - html.clientWidth)
      expect(wider, name).toBe(0)
      if (width === '360') await expectClean(page)
      await world.picture(panel, `panel-${name}-${width}-${theme}`)
    }

    await tab('卡片')
    await panel.getByRole('option').first().waitFor()
    await panel.getByRole('button', { name: '价格' }).click()
    await look('cards')
    await panel.getByRole('option').first().click()
    await dialog(panel)
      .getByRole('button', { name: /家店有货/ })
      .click()
    await look('card-preview')
    await page.keyboard.press('Escape')
    await tab('今天')
    await panel.getByRole('button', { name: /通知等新品的老客/ }).click()
    await panel
      .getByRole('button', { name: /^去聊天/ })
      .first()
      .waitFor()
    await look('day')
  })

  test('a group and the workbench are clean', async ({ world }) => {
    const states: [string, SimulatorState, string][] = [
      ['group', { customer: '', chat: await groupChat(world) }, '群资料'],
      ['workbench', { entry: 'normal' }, '今天要联系的客户'],
    ]
    for (const [name, state, heading] of states) {
      const { page, panel } = await world.open({ theme, ...state })
      await panel.getByRole('heading', { name: heading }).waitFor()
      await page.waitForLoadState('networkidle')
      await expectClean(page)
      await world.picture(panel, `panel-${name}-360-${theme}`)
    }
  })
})

test.for(widths)('at %s px a notice lies on nothing that is tapped in a sheet', async (width, { world }) => {
  const { externalUserId } = await world.wecom.act('addCustomer', {
    userId: world.demo.firstGuide,
    customer: { name: `提示条${width}` },
  })
  const { page, panel } = await world.open({ width, customer: externalUserId })
  await panel.getByRole('button', { name: '打标签' }).click()
  await dialog(panel).getByRole('button', { name: '有车', exact: true }).first().click()
  await panel.getByRole('button', { name: '撤销' }).waitFor()
  await page.keyboard.press('Escape')
  await panel.getByRole('tab', { name: '卡片' }).click()
  await panel.getByRole('option').first().click()
  await sendButton(panel).waitFor()
  await panel.locator('.ui-toast').first().waitFor()
  await page.waitForTimeout(400)

  const boxOf = async (selector: string) => (await panel.locator(selector).first().boundingBox()) as Box
  const [toast, footer, close] = [
    await boxOf('.ui-toast'),
    await boxOf('.ui-sheet__actions'),
    await boxOf('.ui-sheet__head'),
  ]
  const overlap = (other: Box) => toast.y < other.y + other.height && other.y < toast.y + toast.height

  expect({ footer: overlap(footer), head: overlap(close) }).toEqual({ footer: false, head: false })
})

/** The panel alone: in life it is a window of its own, so the page around it is judged by itself. */
async function expectClean(page: Page): Promise<void> {
  // Colours that are on their way from one to the other are no colours to judge.
  await page.waitForTimeout(250)
  const { violations } = await new AxeBuilder({ page }).include(['iframe', 'html']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}
