import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import { test, type BrowserWorld } from './browser.world.ts'

/** Of 天河店 with 林小美 and 周敏; no admin until somebody makes him one. */
const manager = { userId: 'ChenJie', name: '陈杰', storeName: '广州天河店' }
const leaver = { userId: 'HeYong', name: '何勇', storeName: '深圳南山店' }
const ownStore = manager.storeName
/** Whatever of another store must show to nobody of this one. */
const elsewhere = [
  '广州越秀店',
  '深圳南山店',
  '上海徐汇店',
  '杭州西湖店',
  '赵蕊',
  'zhao.rui',
  '何勇',
  'HeYong',
  '徐婷',
  '马珂',
]

async function signIn(world: BrowserWorld, name = '高远'): Promise<Page> {
  const context = await world.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${world.demo.origin}/admin/auth/start`)
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.getByText(`当前管理员：${name}`).waitFor({ state: 'attached' })
  return page
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(new URL(`/admin/${address}`, page.url()).href)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
}

async function ask(page: Page, path: string): Promise<{ status: number; text: string }> {
  const response = await page.request.get(new URL(`/api/admin/${path}`, page.url()).href)
  return { status: response.status(), text: await response.text() }
}

async function makeManager(owner: Page, { userId, name, storeName }: typeof manager): Promise<void> {
  await open(owner, `people?q=${userId}`)
  await owner
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('button', { name: '角色与范围' })
    .click()
  const dialog = owner.getByRole('dialog', { name: `${name} 的角色` })
  await dialog.getByLabel('后台角色').selectOption({ label: '店长' })
  await dialog.getByLabel('数据范围').selectOption({ label: '门店' })
  expect(await dialog.getByRole('checkbox', { name: storeName }).isChecked()).toBe(true)
  await dialog.getByRole('button', { name: '保存' }).click()
  await owner.getByText(`${name} 现在是店长`).waitFor()
}

/** Clean and not cut off at each width, in both themes, with a picture of each. */
async function look(world: BrowserWorld, page: Page, name: string): Promise<void> {
  for (const [width, colorScheme] of [
    [768, 'dark'],
    [1440, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Colours that are on their way from one to the other are no colours to judge.
    await page.waitForTimeout(250)
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(wider, `${name} at ${width}`).toBeLessThanOrEqual(0)
    if (width !== 1440) {
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${name} ${width} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    }
    await world.picture(page, `admin-${name}-${width}-${colorScheme}`)
  }
}

describe('people and rights', () => {
  test('the owner makes somebody a store manager, looks through his eyes, and he sees no other store', async ({
    world,
  }) => {
    const owner = await signIn(world)
    await makeManager(owner, manager)
    await look(world, owner, 'people')
    await owner.getByRole('button', { name: '以此身份查看' }).click()
    await owner.getByText(`你正在以“${manager.name}”的身份查看，只能看，不能改。`).waitFor()
    await owner.getByText(`只计您负责的门店：${ownStore}`).waitFor()
    expect(await owner.getByRole('navigation', { name: '主导航' }).getByText('设置').count()).toBe(0)
    await world.picture(owner, 'admin-view-as-1280')
    await owner.getByRole('button', { name: '结束查看' }).click()
    await owner.getByRole('navigation', { name: '主导航' }).getByText('设置').waitFor()

    const page = await signIn(world, manager.name)
    const screens = [
      '',
      'customers',
      'segments/new',
      'tag-batches',
      'people',
      'stores',
      'content/replies',
      'content/cards',
    ]
    for (const screen of screens) {
      await open(page, screen)
      const words = `${await page.locator('body').innerText()} ${(await page.locator('option').allInnerTexts()).join(' ')}`
      expect(
        elsewhere.filter((one) => words.includes(one)),
        screen || 'home',
      ).toEqual([])
      if (screen === '') await look(world, page, 'home-of-a-store')
    }
    for (const screen of ['audit', 'settings', 'sync', 'doctor', 'reply-proposals']) {
      await open(page, screen)
      await page.getByText('你没有查看这个页面的权限').waitFor()
    }
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: '搜索' })
    await palette.getByRole('combobox').fill('赵蕊')
    await palette.getByText(/没有找到/).waitFor()
    await palette.getByRole('combobox').fill('林小美')
    await palette
      .getByRole('option', { name: /林小美/ })
      .first()
      .waitFor()
    await page.keyboard.press('Escape')

    const theirs = await strangerOf(owner)
    const lists = [
      'home',
      'guide-tasks',
      'customers?limit=50',
      'customers/count',
      'customers/choices',
      'segments',
      'people',
    ]
    lists.push(
      'departments',
      'tag-batches',
      'content/replies',
      'content/cards',
      'content/knowledge',
      'content/articles',
    )
    lists.push(`customers?q=${encodeURIComponent(theirs.name)}`)
    for (const list of lists) {
      const { status, text } = await ask(page, list)
      expect(status, list).toBe(200)
      expect(
        [...elsewhere, theirs.id].filter((one) => text.includes(one)),
        list,
      ).toEqual([])
    }
    const closed = await Promise.all(
      [`customers/${theirs.id}`, `customers/${theirs.id}/timeline`, 'people/HeYong'].map((path) => ask(page, path)),
    )
    expect(closed.map(({ status }) => status)).toEqual([404, 404, 404])
    const refused = await Promise.all(
      ['customer-exports', 'audit', 'settings', 'reply-proposals', 'sync'].map((path) => ask(page, path)),
    )
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  }, 180_000)

  test('who leaves the corp is out of the panel within five seconds of the event', async ({ world }) => {
    const owner = await signIn(world)
    await makeManager(owner, leaver)
    const page = await signIn(world, leaver.name)
    await open(page, 'customers')

    await world.wecom.act('deleteMember', { userId: leaver.userId })
    await expect.poll(async () => (await ask(page, 'me')).status, { timeout: 5_000, interval: 250 }).toBe(401)

    await page.reload()
    await page.getByRole('heading', { name: '登录管理后台' }).waitFor()
  }, 90_000)
})

/** A customer whom nobody of the manager's store follows. */
async function strangerOf(owner: Page): Promise<{ id: string; name: string }> {
  const { text } = await ask(owner, 'customers?limit=50')
  type Row = { externalUserId: string; name: string; followers: { storeName: string }[] }
  const { customers } = JSON.parse(text) as { customers: Row[] }
  const found = customers.find(({ followers }) => followers.every(({ storeName }) => storeName !== ownStore))
  if (!found) throw new Error('the demo has no customer of another store among the first fifty')
  return { id: found.externalUserId, name: found.name }
}

describe('customers', () => {
  test('a customer is found by every spelling, and the full number is on record', async ({ world }) => {
    const page = await signIn(world)
    await open(page, 'customers')
    const search = page.getByRole('searchbox').or(page.getByLabel('姓名、备注、拼音、首字母、手机尾号')).first()
    const row = page.getByRole('row', { name: /陈思雨/ })
    for (const words of ['陈思雨', 'chensiyu', 'csy', '陈小姐', '8025']) {
      await search.fill(words)
      await page.getByText(/^共 \d 位客户$/).waitFor()
      await row.waitFor()
    }
    await look(world, page, 'customers')

    await row.getByRole('link', { name: /陈思雨/ }).click()
    await page.getByRole('region', { name: '时间线' }).getByText('购买').first().waitFor()
    await look(world, page, 'customer')
    await page.getByRole('button', { name: /查看完整号码/ }).click()
    await page.getByText('13800138025').waitFor()
    await open(page, 'audit')
    await page
      .getByRole('row', { name: /查看完整手机号/ })
      .first()
      .waitFor()
    await look(world, page, 'audit')
  }, 120_000)

  test('a group is built with its live count, saved, tagged as one batch, undone, and exported', async ({ world }) => {
    const page = await signIn(world)
    await open(page, 'segments/new')
    const count = page.getByRole('region', { name: '现在符合的客户' }).getByRole('status')
    await page.getByText(/^\d+ \/ \d+ 位$/).waitFor()
    const all = await count.innerText()
    await page.getByLabel('名称').fill('钻石会员')
    await page.getByLabel('添加条件…').selectOption({ label: '标签' })
    await page.getByLabel('选择标签').selectOption({ label: '钻石会员' })
    await expect.poll(() => count.innerText()).not.toBe(all)
    const [fits = 0, of = 0] = (await count.innerText()).match(/\d+/g)?.map(Number) ?? []
    expect(fits).toBeGreaterThan(0)
    expect(fits).toBeLessThan(of)
    expect(await page.getByRole('list', { name: '其中几位' }).getByRole('listitem').count()).toBe(Math.min(fits, 10))
    await look(world, page, 'segment')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()

    await page.getByRole('link', { name: '查看客户' }).click()
    await page.getByText(`共 ${fits} 位客户`).waitFor()
    await page.getByRole('button', { name: '给这些客户打标签' }).click()
    const dialog = page.getByRole('dialog', { name: '批量打标签' })
    await dialog.getByText(new RegExp(`^${fits} 位客户`)).waitFor()
    await dialog.getByLabel('添加标签').selectOption({ label: '有车' })
    await dialog.getByRole('button', { name: '开始' }).click()
    await page.getByText('已完成').first().waitFor({ timeout: 60_000 })
    await page
      .getByRole('table')
      .getByText(/已更改|本来就是/)
      .first()
      .waitFor()
    await look(world, page, 'tag-batch')
    await page.getByRole('button', { name: '撤销' }).click()
    await page.getByRole('dialog').getByRole('button', { name: /^撤销/ }).click()
    await page.getByRole('heading', { level: 1, name: /^撤销/ }).waitFor()
    await page.getByText('已完成').first().waitFor({ timeout: 60_000 })

    await open(page, 'customers')
    await page.getByRole('button', { name: '导出' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '开始导出' }).click()
    const link = page.getByRole('dialog').getByRole('link', { name: '下载' })
    await link.waitFor({ timeout: 60_000 })
    await world.picture(page, 'admin-export-1280')
    const file = await page.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href)
    const lines = (await file.text()).trimEnd().split('\r\n')
    expect([...(await file.body()).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(lines.length - 1).toBeGreaterThanOrEqual(of)
    await page.getByText(`${lines.length - 1} 行`).waitFor()
  }, 180_000)
})

test('what a guide proposes is taken in, or comes back with the reason', async ({ world }) => {
  const { page: chat, panel, tab } = await world.open()
  await panel.getByRole('heading', { name: '标签' }).waitFor()
  const headers = { origin: world.demo.origin }
  const propose = async (title: string) => {
    const parts = [{ type: 'text', text: '{{customer.name|亲}}您好，到店可以免费贴膜。' }]
    const root = `${world.demo.origin}/api/sidebar/quick-replies`
    const made = await chat.request.post(root, { headers, data: { folder: '', title, shortcut: '', parts } })
    const { id } = (await made.json()) as { id: string }
    expect((await chat.request.post(`${root}/${id}/proposal`, { headers })).status()).toBe(200)
  }
  await propose('免费贴膜')
  await propose('过时的活动')
  const page = await signIn(world)
  await open(page, 'reply-proposals')
  const offer = (title: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })
  await look(world, page, 'reply-proposals')

  await offer('免费贴膜').getByRole('button', { name: '采用', exact: true }).click()
  await page.getByText('“免费贴膜”已发布到企业话术').waitFor()
  await offer('过时的活动').getByRole('button', { name: '不采用' }).click()
  const dialog = page.getByRole('dialog', { name: '不采用“过时的活动”？' })
  expect(await dialog.getByRole('button', { name: '不采用' }).isDisabled()).toBe(true)
  await dialog.getByLabel('原因').fill('活动上周已经结束')
  await dialog.getByRole('button', { name: '不采用' }).click()
  await page.getByText('没有等待处理的投稿').waitFor()

  await chat.reload()
  await tab('话术')
  await panel.getByRole('combobox', { name: /搜话术/ }).fill('过时的活动')
  await panel.getByRole('option', { name: /过时的活动/ }).click()
  await panel.getByText(/活动上周已经结束/).waitFor()
}, 90_000)
