import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'
import { expectClean } from './expect-clean.ts'
import { openSimulator } from './simulator.page.ts'

const themes = ['light', 'dark'] as const
/** A customer's phone and its browser, which does not say that nobody sits before it. */
const phoneAgent =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.6723.103 Mobile Safari/537.36 MicroMessenger/8.0.50'

const search = (panel: FrameLocator) => panel.getByRole('combobox', { name: /搜话术/ })
const sends = (page: Page) =>
  page.evaluate<number>("window.simulator.calls.filter((call) => call.name === 'sendChatMessage').length")

describe('one box for everything a guide sends', () => {
  test('the keys alone find a reply by its initials, fill its blanks and send it', async ({ world }) => {
    const { page, panel, chat } = await world.open()
    await panel.getByRole('tab', { name: '客户' }).focus()

    await page.keyboard.press('/')
    await panel.getByRole('option').first().waitFor()
    await expect.poll(() => search(panel).evaluate((box) => box.matches(':focus'))).toBe(true)
    await page.keyboard.type('wxbj')
    await panel.getByRole('option', { name: /维修报价/ }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => panel.getByLabel('故障').evaluate((field) => field.matches(':focus'))).toBe(true)
    expect(await panel.getByRole('dialog').getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await page.keyboard.type('外屏裂了')
    await page.keyboard.press('Tab')
    await page.keyboard.type('480')
    await page.keyboard.press('Control+Enter')

    await chat.getByText('师傅看过了：外屏裂了，修好一共480元').waitFor()
    expect(await sends(page)).toBe(1)
  })

  test('a sequence that is stopped goes on where it stood: each part once', async ({ world }) => {
    const { page, panel, chat, tab } = await world.open({ latency: '600' })
    await tab('话术')
    await search(panel).fill('/sp')
    await panel.getByRole('option', { name: /碎屏了别急/ }).click()
    const sheet = panel.getByRole('dialog')

    await sheet.getByRole('button', { name: '发送' }).click()
    await sheet.getByRole('button', { name: '停止' }).click()
    await sheet.getByText('已停下：1/2 已发出').waitFor()
    expect(await sends(page)).toBe(1)
    await sheet.getByRole('button', { name: '继续 2/2' }).click()

    await chat
      .getByRole('group', { name: /小程序/ })
      .last()
      .waitFor()
    await sheet.waitFor({ state: 'detached' })
    expect(await sends(page)).toBe(2)
    expect(await chat.getByText('先别继续按，容易划伤手').count()).toBe(1)
  })

  test('a corp reply becomes her own and is proposed to everybody', async ({ world }) => {
    const { panel, tab } = await world.open()
    await tab('话术')
    await search(panel).fill('bxzc')
    await panel.getByRole('option', { name: /保修政策/ }).click()

    await panel.getByRole('dialog').getByRole('button', { name: '存为我的' }).click()
    await panel.getByRole('dialog', { name: '修改我的话术' }).getByRole('button', { name: '关闭' }).click()
    await search(panel).fill('')
    await panel.getByRole('button', { name: '我的', exact: true }).first().click()
    await panel.getByRole('option', { name: /保修政策/ }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '推荐给企业' }).click()

    await panel.getByRole('dialog').getByText('已推荐给企业，等管理员决定').waitFor()
  })

  test('a paragraph of the knowledge base goes out as words', async ({ world }) => {
    const { panel, chat, tab } = await world.open()
    await tab('话术')

    await search(panel).fill('fpzmy')
    await panel
      .getByRole('group', { name: /知识/ })
      .getByRole('option', { name: /分屏怎么用/ })
      .click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()

    await chat.getByText('松手就是左右各一半').waitFor()
  })

  test('a page is opened on the customer’s phone, and the guide sees it on the timeline', async ({ world }) => {
    const context = await world.newContext({ userAgent: phoneAgent })
    const { page, panel, chat, tab } = await openSimulator(await context.newPage(), world.demo.origin, {
      guide: world.demo.firstGuide,
      customer: world.demo.firstCustomer,
    })
    await tab('话术')
    await search(panel).fill('xjdyz')
    await panel.getByRole('option', { name: /新机第一周：十个/ }).click()
    await panel.getByRole('dialog').getByText('客户打开后，你会在动态里看到').waitFor()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()
    await chat.getByText('新机第一周：十个最常见的问题').waitFor()

    await page.getByRole('button', { name: '客户的手机' }).click()
    const opened = context.waitForEvent('response', (response) => new URL(response.url()).pathname.startsWith('/r/'))
    await page
      .getByRole('dialog', { name: /的手机/ })
      .getByRole('link', { name: /新机第一周/ })
      .click()
    expect((await opened).headers()['location']).toBe('https://m.example.com/xinghe/first-week')
    await tab('客户')

    await panel.getByText('打开了「新机第一周：十个最常见的问题」').waitFor({ timeout: 40_000 })
  }, 90_000)
})

describe.each(themes)('search and fill in, in the %s theme', (theme) => {
  test('all screens are clean', async ({ world }) => {
    const { page, panel, tab } = await world.open({ theme })
    await tab('话术')
    await search(panel).fill('折叠屏')
    await panel.getByRole('group', { name: /知识/ }).waitFor()
    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-search-360-${theme}`)

    await search(panel).fill('/wxbj')
    await page.keyboard.press('Enter')
    await panel.getByLabel('故障').fill('外屏裂了')
    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-fill-in-360-${theme}`)
    await page.keyboard.press('Escape')

    await search(panel).fill('')
    await panel.getByRole('button', { name: '我的', exact: true }).first().click()
    await panel.getByRole('button', { name: '给我的话术排序' }).click()
    await panel.getByRole('dialog', { name: '我的话术顺序' }).waitFor()
    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-order-360-${theme}`)
  })

  test.for(['300', '420'] as const)('at %s px nothing is wider than the panel', async (width, { world }) => {
    const { page, panel, tab } = await world.open({ theme, width })
    await tab('话术')
    await search(panel).fill('折叠屏')
    await panel.getByRole('group', { name: /知识/ }).waitFor()
    await world.picture(panel, `panel-search-${width}-${theme}`)
    expect(await excess(panel)).toBe(0)

    await search(panel).fill('/wxbj')
    await page.keyboard.press('Enter')
    await panel.getByLabel('故障').waitFor()
    await world.picture(panel, `panel-fill-in-${width}-${theme}`)

    expect(await excess(panel)).toBe(0)
  })
})

type Wide = { scrollWidth: number; clientWidth: number }
const excess = (panel: FrameLocator) =>
  panel.locator('html').evaluate((html: Wide) => html.scrollWidth - html.clientWidth)
