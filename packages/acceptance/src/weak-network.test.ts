import { expect } from 'vitest'

import { test } from './browser.world.ts'

test('without network known customers and replies are there, tags wait in sight and reach WeCom later', async ({
  world,
}) => {
  const { page, panel, tab, conversation } = await world.open()
  const libraryAnswered = page.waitForResponse((response) => response.url().endsWith('/api/sidebar/quick-replies'))
  await panel.getByRole('heading', { name: '标签' }).waitFor()
  await libraryAnswered
  await conversation(/王先生/)
  await panel.getByRole('heading', { name: /王先生/ }).waitFor()
  // The seal and the store are quick, but not part of what the panel waits for.
  await page.waitForTimeout(1_000)

  // The pretend client itself stays reachable: only our own calls fail, as behind a bad line.
  await page.route('**/api/sidebar/**', (route) => route.abort('internetdisconnected'))
  await conversation(/陈小姐/)
  await panel.getByRole('heading', { name: /陈小姐/ }).waitFor()
  await panel.getByRole('button', { name: '打标签' }).click()
  await panel.getByRole('textbox', { name: /搜标签/ }).fill('zdp')
  await panel.getByRole('dialog').getByRole('button', { name: '折叠屏', exact: true }).click()
  await page.keyboard.press('Escape')
  await panel.getByText('待同步 1').waitFor()
  await tab('话术')
  await panel.getByRole('option').locator('visible=true').first().waitFor()
  await world.picture(panel, 'panel-weak-network-light')

  await page.unroute('**/api/sidebar/**')
  await panel.getByRole('button', { name: '立即同步' }).click()
  await panel.getByText(/待同步 \d/).waitFor({ state: 'hidden' })
  const held = await world.wecom.customer(world.demo.firstCustomer)
  const mine = held.relations.find(({ userId }) => userId === world.demo.firstGuide)
  expect(mine?.tagNames).toContain('折叠屏')
})
