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
    await page.getByText('客户关系', { exact: true }).waitFor()
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

const pages = ['', 'doctor', 'sync', 'sync?part=guides', 'sync?part=callbacks', 'sync?part=budget', 'sync?part=jobs']

test('home, doctor and sync are clean and nothing is cut off, from a tablet to a wide screen', async ({ world }) => {
  const context = await world.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/admin/auth/start`)
  await page.getByRole('button', { name: /高远/ }).click()
  await page.getByText('当前管理员：高远').waitFor()

  for (const address of pages) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${world.demo.origin}/admin/${address}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    // Colours that are on their way from one to the other are no colours to judge.
    await page.waitForTimeout(250)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${address} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    for (const width of [1440, 1280, 768]) {
      await page.setViewportSize({ width, height: 900 })
      const overflow = await page
        .locator('html')
        .evaluate((html: { scrollWidth: number; clientWidth: number }) => html.scrollWidth - html.clientWidth)
      expect(overflow, `${address} at ${width}`).toBeLessThanOrEqual(0)
      await world.picture(page, `admin-${address.replace(/\W+/g, '-') || 'home'}-${width}`)
    }
  }
})

test('a dry run compares and says what differs, and changes nothing', async ({ world }) => {
  const context = await world.newContext()
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/admin/auth/start`)
  await page.getByRole('button', { name: /高远/ }).click()
  await page.getByText('当前管理员：高远').waitFor()
  const before = await world.wecom.digest()
  await page.goto(`${world.demo.origin}/admin/sync`)

  await page.getByRole('button', { name: '试运行（只比较）' }).click()

  await page.getByText('最近一次试运行').waitFor()
  await page.getByText('没有改动任何数据').waitFor()
  expect(await world.wecom.digest()).toEqual(before)
})
