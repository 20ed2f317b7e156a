import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'

type Styled = { style: Record<string, string> }
/** The page's own function; these tests are typed for Node. */
declare const getComputedStyle: (element: unknown) => Record<string, string>
type Wide = { scrollWidth: number; clientWidth: number }

describe('the panel for everyone', () => {
  test.for([
    { name: '280 px, the narrowest client', width: 280, fontSize: 16 },
    { name: '360 px with the text twice as large', width: 360, fontSize: 32 },
    { name: '1280 px at 400 %', width: 320, fontSize: 16 },
  ])('nothing is cut off at the side: $name', async ({ width, fontSize }, { world }) => {
    const { page, panel, tab } = await world.open()
    await panel.getByRole('heading', { name: '标签' }).waitFor()
    await page
      .locator('iframe')
      .evaluate((frame, px) => Object.assign((frame as unknown as Styled).style, { width: `${px}px` }), width)
    await panel
      .locator('html')
      .evaluate((html, px) => Object.assign((html as unknown as Styled).style, { fontSize: `${px}px` }), fontSize)

    for (const name of ['客户', '话术', '卡片'] as const) {
      await tab(name)
      await panel
        .getByRole('tabpanel', { name })
        .getByRole(name === '客户' ? 'heading' : 'option')
        .first()
        .waitFor()
      const wider = await panel.locator('html').evaluate((html: Wide) => html.scrollWidth - html.clientWidth)
      expect(wider, name).toBeLessThanOrEqual(0)
      await world.picture(panel, `panel-${name}-${width}px-text${fontSize}-light`)
    }
  })

  test('in forced colours every control keeps an edge, and what is chosen is told apart', async ({ world }) => {
    const context = await world.newContext({ forcedColors: 'active' })
    const page = await context.newPage()
    const { demo } = world
    await page.goto(`${demo.origin}/__sim/?guide=${demo.firstGuide}&customer=${demo.firstCustomer}`)
    const panel = page.frameLocator('iframe')
    const chosen = panel.getByRole('tab', { selected: true })
    await chosen.waitFor()

    const edgeOf = (name: string) =>
      panel.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab)['borderBottomColor'])
    expect(await edgeOf('客户')).not.toBe(await edgeOf('卡片'))
    await world.picture(panel, 'panel-forced-colours')
  })

  test('whoever asked for less motion sees none', async ({ world }) => {
    const context = await world.newContext({ reducedMotion: 'reduce' })
    const page = await context.newPage()
    const { demo } = world
    await page.goto(`${demo.origin}/__sim/?guide=${demo.firstGuide}&customer=${demo.firstCustomer}`)
    const panel = page.frameLocator('iframe')
    await panel.getByRole('heading', { name: '标签' }).waitFor()

    const moving = await panel.locator('*').evaluateAll(
      (all) =>
        all.filter((element) => {
          const { animationDuration, transitionDuration } = getComputedStyle(element)
          return [animationDuration, transitionDuration].some((time) => Number.parseFloat(time ?? '0') > 0.02)
        }).length,
    )

    expect(moving).toBe(0)
  })
})
