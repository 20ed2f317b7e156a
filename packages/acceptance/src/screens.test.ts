import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'
import { expectClean } from './expect-clean.ts'
import type { SimulatorState } from './simulator.page.ts'

type Wide = { scrollWidth: number; clientWidth: number }

const widths = ['300', '360', '420'] as const
const themes = ['light', 'dark'] as const
/** What the panel shows where there is no customer to serve. */
const designedScreens: { name: string; state: SimulatorState }[] = [
  { name: 'no-chat', state: { entry: 'normal' } },
  { name: 'internal-chat', state: { internal: '1', customer: '' } },
  { name: 'no-rights', state: { nopermission: '1' } },
  { name: 'profile', state: { entry: 'contact_profile' } },
  { name: 'old-client', state: { preset: 'old' } },
]

describe.each(themes)('every screen in the %s theme', (theme) => {
  test('panel: customer, replies, cards and their sheets are clean', async ({ world }) => {
    const { page, panel, tab } = await world.open({ theme })
    await panel.getByRole('heading', { name: '标签' }).waitFor()
    await expectClean(page, 'iframe')
    await panel.getByRole('button', { name: '打标签' }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '折叠屏' }).waitFor()
    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-tags-360-${theme}`)
    await page.keyboard.press('Escape')

    await tab('话术')
    await panel.getByRole('option').first().waitFor()
    await expectClean(page, 'iframe')
    await panel.getByRole('option').nth(1).click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).waitFor()
    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-preview-360-${theme}`)
    await page.keyboard.press('Escape')

    await tab('卡片')
    await panel.getByRole('option').first().waitFor()
    await expectClean(page, 'iframe')
  })

  test.for(widths)('panel at %s px: nothing is wider than the panel', async (width, { world }) => {
    const { panel, tab } = await world.open({ theme, width })
    for (const name of ['客户', '话术', '卡片'] as const) {
      await tab(name)
      await panel
        .getByRole('tabpanel', { name })
        .getByRole(name === '客户' ? 'heading' : 'option')
        .first()
        .waitFor()

      const wider = await panel.locator('html').evaluate((html: Wide) => html.scrollWidth - html.clientWidth)

      expect(wider, name).toBe(0)
      await world.picture(panel, `panel-${name}-${width}-${theme}`)
    }
  })

  test.for(designedScreens)('$name is a designed screen', async ({ name, state }, { world }) => {
    const { page, panel } = await world.open({ theme, ...state })
    await panel.getByRole('heading').first().waitFor()
    await page.waitForLoadState('networkidle')

    await expectClean(page, 'iframe')
    await world.picture(panel, `panel-${name}-${theme}`)
  })

  test('the simulator itself is clean', async ({ world }) => {
    const { page, panel } = await world.open({ theme })
    await panel.getByRole('heading', { name: '标签' }).waitFor()

    await expectClean(page)
    await world.picture(page, `simulator-${theme}`)
  })
})

test('outside WeCom the panel says what to do', async ({ world }) => {
  const context = await world.newContext({ viewport: { width: 360, height: 740 } })
  await context.addCookies([{ name: 'wecom_client_user', value: world.demo.firstGuide, url: world.demo.origin }])
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/sidebar/`)

  await page
    .getByText(/企业微信/)
    .first()
    .waitFor()

  await expectClean(page)
  await world.picture(page, 'panel-outside-wecom')
})
