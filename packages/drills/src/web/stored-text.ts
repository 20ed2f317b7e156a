import { readFileSync } from 'node:fs'
import path from 'node:path'

import type { TestBrowser } from '@guidebar/testkit'
import { launchBrowser } from '@guidebar/testkit/browser'
import type { Browser, Page } from 'playwright-core'

import type { Stage } from '../access/stage.ts'
import { bySize, type DrillOptions, type PromiseResult } from '../drill.ts'
import { hostileTexts } from './hostile-texts.ts'
import { judge } from './judge.ts'

const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.6261.95 Safari/537.36 wxwork/5.0.11 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail embeddisk'
const patienceMs = 30_000
/** Set in each page before any script of its own: remembers what ran, and what was held back from running. */
const trap = `
  window.__ran = []
  window.__hit = () => window.__ran.push('ran')
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, sample }) => {
    if (effectiveDirective.startsWith('script')) window.__ran.push(effectiveDirective + ' ' + sample)
  })
`
/** What no page of ours holds, and what would be there if a text had left its place. */
const lookForBreaks = `[
  ...window.__ran,
  ...[...document.querySelectorAll('*')].flatMap((element) =>
    element.getAttributeNames().filter((name) => /^on|^data-broken$|^@|^:|^v-/.test(name)).map((name) => element.localName + ' ' + name)),
  ...[...document.querySelectorAll('x-broken, base, iframe, object, marquee, math, [href^="javascript:" i], [src^="javascript:" i]')]
    .map(({ localName }) => localName),
]`

type Seeded = { texts: string[]; customerIds: string[] }

/** A11: hostile texts in every field that somebody fills in, and Chromium on every page that shows them. */
export async function storedText(stage: Stage, { size, seed }: DrillOptions): Promise<PromiseResult[]> {
  const count = bySize(size, { long: hostileTexts.length, short: hostileTexts.length, test: 6 })
  const step = Math.floor(hostileTexts.length / count)
  const texts = hostileTexts.filter((_, at) => at % step === seed % step)
  const seeded = await plant(stage, texts)
  const browser = await launchBrowser()
  try {
    const inAdmin = await walkAdmin(stage, browser, seeded)
    const inPanel = await walkPanel(stage, browser, seeded)
    const all = [...inAdmin, ...inPanel]
    const broken = all.flatMap(({ name, breaks }) => breaks.map((what) => `${name}: ${what}`))
    const lost = all.flatMap(({ name, missing }) => missing.map((text) => `${name}: ${text}`))
    const shown = all.reduce((sum, { shown: some }) => sum + some, 0)
    return [
      judge('A11', `${texts.length} hostile texts: no script runs, no attribute breaks`, broken, all.length, 'pages'),
      judge('A11', 'each is shown letter by letter', lost, shown, 'texts compared'),
    ]
  } finally {
    await browser.close()
  }
}

/** Every field that people, customers and other programs write. */
async function plant({ world, follower }: Stage, texts: string[]): Promise<Seeded> {
  // Younger than everybody else, so that they stand first.
  world.clock.advance(60_000)
  const now = world.clock.now().toISOString()
  const customerIds = texts.map((_, at) => `wmHostile${String(at).padStart(4, '0')}`)
  await world.wecom.load({
    departments: texts.map((name, at) => ({ id: 1_000 + at, name, parentId: 1 })),
    members: texts.map((name, at) => ({
      userId: `Hostile${at}`,
      name,
      position: name,
      departmentIds: [1_000 + at],
    })),
    tagGroups: texts.map((name) => ({ name, tags: [{ name }] })),
  })
  const tagIdOf = new Map(
    (await world.wecom.tagGroups()).flatMap(({ tags }) => tags.map((tag) => [tag.name, tag.tagId])),
  )
  await world.wecom.load({
    customers: texts.map((name, at) => ({
      externalUserId: customerIds[at]!,
      name,
      avatar: `javascript:__hit()//${at}`,
      corpName: name,
    })),
    relations: texts.map((text, at) => ({
      userId: follower.userId,
      addedAt: now,
      externalUserId: customerIds[at]!,
      remark: text,
      description: text,
      state: text.slice(0, 30),
      tagIds: [tagIdOf.get(text) ?? ''].filter(Boolean),
    })),
  })
  await world.services.guides.refreshDepartments(world.corp)
  await world.services.tags.refresh(world.corp)
  for (const at of texts.keys()) await world.services.guides.read(world.corp, `Hostile${at}`)
  for (const externalUserId of customerIds)
    await world.services.relations.refresh({ corpId: world.corpId, externalUserId })

  const admin = await world.signInFresh('admin', 'TestAdmin')
  const guide = await world.browserOf(follower)
  const publish = async (kind: string, content: object) => {
    const { body, statusCode } = await admin.post(`/content/${kind}`, { content, expiresOn: null })
    // What a form refuses is nowhere shown.
    if (statusCode < 300)
      await admin.post(`/content/${kind}/${body.row.id}/steps`, { step: 'publish', edit: body.edit })
  }
  const address = 'https://shop.example/?a='
  for (const [at, text] of texts.entries()) {
    const folder = text.slice(0, 30)
    await publish('replies', { folder, title: text, shortcut: '', parts: [{ type: 'text', text }] })
    const paragraphs = [{ id: `p${at}`, heading: text, text }]
    await publish('knowledge', { folder, title: text, sku: text, paragraphs })
    const url = `${address}${encodeURIComponent(text)}`
    await publish('articles', { folder, title: text, description: text, url, coverUrl: `${address}"onerror="__hit()` })
    await publish('cards', {
      folder,
      kind: 'product',
      title: text,
      coverAssetId: null,
      coverUrl: at % 2 === 0 ? 'javascript:__hit()' : `${address}"onerror="__hit()`,
      appId: text,
      pathTemplate: text,
      sku: text,
      priceFen: 1,
    })
    const note = { key: `hostile-note-${at}`, text, chips: [text.slice(0, 20)], visibility: 'corp', sensitive: false }
    await guide.post(`/customers/${customerIds[at]}/notes`, note)
    await admin.post('/segments', { name: text, definition: { join: 'all', exclude: false, rules: [], groups: [] } })
  }
  await admin.put('/settings', await withBrand(admin, texts[1] ?? ''))
  await world.services.jobs.drain()
  await world.services.entryJobs.refreshAll(world.corpId)
  return { texts, customerIds }
}

/** The settings as they are, under a hostile name. */
async function withBrand(admin: TestBrowser, name: string): Promise<object> {
  const { body } = await admin.get('/settings')
  return { ...body, brand: { ...body.brand, name } }
}

type Seen = { name: string; breaks: string[]; missing: string[]; shown: number }

async function walkAdmin({ world }: Stage, browser: Browser, { texts, customerIds }: Seeded): Promise<Seen[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  await context.addInitScript({ content: trap })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${world.origin}/admin/auth/start`)
  await page.goto(`${page.url()}&as=TestAdmin`)
  const listOf = async (kind: string) => (await world.asAdmin().get(`/content/${kind}?limit=50`)).body
  const replies = await listOf('replies')
  const { body: segments } = await world.asAdmin().get('/segments')
  const first = (list: { id?: string; segmentId?: string }[] | undefined) => list?.[0]?.id ?? list?.[0]?.segmentId
  const pages: [path: string, shows: string[]][] = [
    ['', []],
    ['customers', texts],
    ...customerIds.slice(0, 4).map((id, at): [string, string[]] => [`customers/${id}`, texts.slice(at, at + 1)]),
    ['tags', texts],
    ['people', texts],
    ['stores', texts],
    ['segments', texts],
    [`segments/${first(segments?.segments)}`, []],
    ['content/replies', titlesOf(replies)],
    [`content/replies/${first(replies?.rows)}`, []],
    ['content/cards', titlesOf(await listOf('cards'))],
    ['content/knowledge', titlesOf(await listOf('knowledge'))],
    ['content/articles', titlesOf(await listOf('articles'))],
    ['audit', []],
    ['sync', []],
    ['doctor', []],
    ['settings', []],
  ]
  const seen: Seen[] = []
  for (const [at, shows] of pages) {
    await page.goto(`${world.origin}/admin/${at}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    seen.push(await look(page, `admin/${at}`, shows))
  }
  await context.close()
  return seen
}

const titlesOf = (body: { rows?: { title: string }[] } | null) => (body?.rows ?? []).map(({ title }) => title)

async function walkPanel({ world, follower }: Stage, browser: Browser, seeded: Seeded): Promise<Seen[]> {
  const { texts, customerIds } = seeded
  const context = await browser.newContext({ viewport: { width: 360, height: 760 }, userAgent, locale: 'zh-CN' })
  await context.addCookies([{ name: 'wecom_client_user', value: follower.userId, url: world.origin }])
  const bridge = readFileSync(path.join(import.meta.dirname, '../panel-soak/chat-bridge.js'), 'utf8')
  await context.addInitScript({ content: trap })
  await context.addInitScript({ content: `${bridge}\ninstallChatBridge(${JSON.stringify(customerIds[0])})` })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${world.origin}/sidebar/`)
  const seen: Seen[] = []
  for (const [at, id] of customerIds.entries()) {
    await page.evaluate(`switchChat(${JSON.stringify(id)})`)
    // The remark wins over the name, and both are the same here; its tag too.
    seen.push(await look(page, `panel of ${texts[at]}`, [texts[at] ?? '']))
  }
  const tabs = page.getByRole('tab')
  for (let at = 0; at < (await tabs.count()); at++) {
    await tabs.nth(at).click()
    await page.waitForTimeout(300)
    seen.push(await look(page, `panel, tab ${at}`, []))
  }
  await context.close()
  return seen
}

/** As it is shown: line ends and runs of blanks are the layout's, and what cannot be seen does not count. */
const asShown = (text: string) => text.replaceAll(/[\s\p{C}]+/gu, ' ').trim()

async function look(page: Page, name: string, shows: string[]): Promise<Seen> {
  const wanted = shows.map(asShown)
  const read = async () => asShown(String(await page.evaluate('document.body.innerText')))
  const until = Date.now() + patienceMs
  let text = await read()
  const more = page.getByRole('button', { name: '加载更多' }).first()
  while (wanted.some((one) => !text.includes(one)) && Date.now() < until) {
    if (await more.isEnabled({ timeout: 1 }).catch(() => false)) await more.click()
    await page.waitForTimeout(200)
    text = await read()
  }
  const breaks = (await page.evaluate(lookForBreaks)) as string[]
  return { name, breaks, missing: wanted.filter((one) => !text.includes(one)), shown: wanted.length }
}
