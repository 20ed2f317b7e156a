import { AxeBuilder } from '@axe-core/playwright'
import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'

describe.each(['light', 'dark'] as const)('admin panel, %s', (colorScheme) => {
  test('an admin signs in by QR and sees the corp as WeCom holds it', async ({ world }) => {
    const context = await world.newContext({ colorScheme })
    const page = await context.newPage()
    await page.goto(`${world.demo.origin}/admin/`)
    await page.getByRole('heading', { name: '登录管理后台' }).waitFor()
    expect(await faults()).toEqual([])
    await world.picture(page, `admin-sign-in-${colorScheme}`)

    await page.getByRole('link', { name: '企业微信登录' }).click()
    await page.getByRole('button', { name: /高远/ }).click()

    await page.getByText('当前管理员：高远').waitFor()
    const { counts } = await world.wecom.corp()
    await page.getByText('客户关系').waitFor()
    await expect.poll(() => page.locator('dl').last().textContent()).toContain(String(counts.relations))
    expect(await faults()).toEqual([])
    await world.picture(page, `admin-home-${colorScheme}`)

    async function faults() {
      const { violations } = await new AxeBuilder({ page }).analyze()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
    }
  })
})

test('a guide who is no admin does not get in', async ({ world }) => {
  const context = await world.newContext()
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/admin/auth/start`)

  await page.getByRole('button', { name: /林小美/ }).click()

  await page
    .getByText(/FORBIDDEN|NOT_A|管理员/)
    .first()
    .waitFor()
  expect(page.url()).not.toMatch(/\/admin\/$/)
})
