import { readFileSync } from 'node:fs'
import path from 'node:path'

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import { test, type BrowserWorld } from './browser.world.ts'

const cover = readFileSync(path.join(import.meta.dirname, '../../../docs/screenshot.png'))

describe('an admin keeps what guides send', () => {
  test('a card is written, checked, published, and sent by a guide', async ({ world }) => {
    const page = await signIn(world, 'content/cards/new')
    const publish = page.getByRole('button', { name: '发布', exact: true })

    await page.getByLabel('卡片标题').fill('旅行直播手机架')
    await page.getByLabel('小程序', { exact: true }).selectOption({ index: 1 })
    await page.getByLabel('页面路径').fill('pages/goods/detail?t={token}')
    await page.getByText('没有以 .html 结尾').first().waitFor()
    expect(await publish.isDisabled()).toBe(true)
    await page.getByLabel('页面路径').fill('pages/goods/detail.html?t={token}')
    await page.getByLabel('上传图片').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: cover })
    await page.getByText('没有发现问题').waitFor()
    await page.getByRole('group', { name: '小程序 旅行直播手机架' }).waitFor()
    expect(await faults(page)).toEqual([])
    await world.picture(page, 'admin-card-editor')
    await publish.click()
    await page.getByText('已发布，导购现在就能用').waitFor()

    const { panel, chat, tab } = await world.open()
    await tab('卡片')
    await panel.getByRole('option', { name: /旅行直播手机架/ }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()
    await chat.getByRole('group', { name: '小程序 旅行直播手机架' }).waitFor()
  }, 120_000)

  test('a reply goes back to what it said before', async ({ world }) => {
    const page = await signIn(world, 'content/replies/new')
    const words = page.getByRole('textbox', { name: '文字' })
    const publish = page.getByRole('button', { name: '发布', exact: true })

    await page.getByLabel('标题', { exact: true }).fill('退回测试')
    await words.fill('您好，')
    await page.getByRole('button', { name: '插入变量' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/% 的客户有此字段/)
      .first()
      .waitFor()
    expect(await dialog.getByRole('button', { name: '插入', exact: true }).isDisabled()).toBe(true)
    await dialog.getByLabel(/备用词/).fill('亲')
    await world.picture(page, 'admin-variables')
    await dialog.getByRole('button', { name: '插入', exact: true }).click()
    expect(await words.inputValue()).toBe('您好，{{customer.name|亲}}')
    await publish.click()
    await page.getByText('第 1 版').first().waitFor()
    await words.fill('后来的话')
    await publish.click()
    await page.getByText('第 2 版').first().waitFor()

    await page.getByRole('button', { name: '版本记录' }).click()
    await dialog.getByRole('button', { name: '看改了什么' }).first().click()
    await dialog.locator('ins', { hasText: '后来的话' }).waitFor()
    expect(await faults(page)).toEqual([])
    await world.picture(page, 'admin-versions')
    await dialog.getByRole('button', { name: '退回到第 1 版' }).click()
    await page.getByRole('dialog', { name: '退回到第 1 版？' }).getByRole('button', { name: '退回到第 1 版' }).click()

    await page.getByText('已退回到旧版本').waitFor()
    expect(await words.inputValue()).toBe('您好，{{customer.name|亲}}')
    const { panel, tab } = await world.open()
    await tab('话术')
    await panel.getByRole('combobox', { name: /搜话术/ }).fill('thcs')
    await panel.getByRole('option', { name: /退回测试/ }).click()
    await panel.getByRole('dialog').getByText('您好，陈思雨').waitFor()
  }, 120_000)

  test('a file of 2,000 replies is judged, its seven bad rows are told, the others written and taken back', async ({
    world,
  }) => {
    const page = await signIn(world, 'content/replies/import')
    const rows = Array.from({ length: 1_993 }, (_, index) => `导入验收,第${index}条,您好${index},`)
    const bad = [
      '导入验收,,没有标题,',
      `导入验收,${'长'.repeat(41)},标题太长,`,
      '导入验收,没有内容,,',
      '导入验收,缺备用词,{{customer.name}}好,',
      '导入验收,没有的变量,{{customer.shoeSize|大}}好,',
      '导入验收,坏日期,您好,2026-02-30',
      '导入验收,第5条,重复的标题,',
    ]
    const csv = ['分组,标题,内容,有效期', ...rows, ...bad].join('\r\n')

    await page
      .getByLabel('选择 CSV 文件')
      .first()
      .setInputFiles({ name: '话术.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.getByText('新增 1993').or(page.getByText('新增 1,993')).first().waitFor({ timeout: 60_000 })
    await page.getByText('应为：变量带备用词').waitFor()
    const rejects = page.waitForEvent('download')
    await page.getByRole('link', { name: '下载有错的行' }).click()
    const file = readFileSync(await (await rejects).path(), 'utf8')
    expect(file.split('\r\n').filter(Boolean)).toHaveLength(1 + bad.length)
    expect(await faults(page)).toEqual([])
    await world.picture(page, 'admin-import')
    await page.getByRole('button', { name: /^写入 1,?993 条$/ }).click()
    await page.getByText('写入完成').waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: '撤销这次导入' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^撤销 1,?993 条$/ })
      .click()
    await page.getByText(/已撤销 1,?993 条/).waitFor({ timeout: 120_000 })

    await page.getByRole('link', { name: '返回列表' }).click()
    await page
      .getByRole('searchbox')
      .or(page.getByRole('textbox', { name: /搜索标题/ }))
      .first()
      .fill('导入验收')
    await page.getByText('没有符合条件的结果').waitFor()
  }, 180_000)

  test('lists have no barrier in any width, language and theme', async ({ world }) => {
    const page = await signIn(world, 'content/replies')
    const states = [
      ['replies', 1280, 'light', '简体中文', '快捷回复'],
      ['cards', 1440, 'dark', 'English', 'Mini-program cards'],
      ['knowledge', 768, 'light', '繁體中文', '知識庫'],
    ] as const

    for (const [kind, width, colorScheme, language, heading] of states) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.goto(`${world.demo.origin}/admin/content/${kind}`)
      await page.getByRole('combobox').first().selectOption({ label: language })
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await page.getByRole('table').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await faults(page)).toEqual([])
      await world.picture(page, `admin-content-${kind}`)
    }
  }, 120_000)
})

async function signIn(world: BrowserWorld, to: string): Promise<Page> {
  const context = await world.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/admin/`)
  await page.getByRole('link', { name: '企业微信登录' }).click()
  await page.getByRole('button', { name: /高远/ }).click()
  await page.getByText('当前管理员：高远').waitFor()
  await page.goto(`${world.demo.origin}/admin/${to}`)
  return page
}

async function faults(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}
