import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { startDemo } from '@guidebar/demo'
import { launchBrowser } from '@guidebar/testkit/browser'
import type { Browser } from 'playwright-core'

import type { BenchResult } from '../bench-result.ts'
import { freshContext } from '../boot/measure.ts'
import { weComOnWindows } from '../boot/user-agent.ts'
import { quantile, round } from '../figures.ts'
import { manyArticles, manyCardTitles, manyTitles } from './many-replies.ts'

const replies = 2000
const cards = 5000
const articles = 40
const paragraphsInArticle = 25
const savedAtOnce = 8
const keyDelayMs = 30

type Demo = Awaited<ReturnType<typeof startDemo>>
interface Keystroke {
  ms: number
  /** With style and layout of the new list on top. */
  laidOutMs: number
  /** The list did not change any more afterwards: nothing was put off. */
  settled: boolean
}

/** What a guide types: initials, whole pinyin, characters, and both mixed. */
const typed = [
  'hyjf',
  'huiyuanjifen',
  '会员',
  '会员jf',
  'yjhx',
  'yijiuhuanxin',
  '碎屏',
  'spb',
  'sjqy',
  'shujuqianyi',
  'zdp',
  'zhedieping',
  '发票',
  'fpkj',
  'xssf',
  'xuesheng',
  'dcsj',
  '周末活动',
  'zmhd',
  'jrwh',
  'pingguo',
  'pgxz',
  'qiyecaigou',
  'qycg',
  'laorenji',
  'lrj',
]

/**
 * A keystroke in the panel's search in real Chromium, from the event to the new list: among 2,000 replies, then with
 * 5,000 cards and 1,000 paragraphs of knowledge beside them.
 */
export async function run(): Promise<BenchResult> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'guidebar-bench-'))
  const demo = await startDemo({ port: 0, customers: 20, seed: 1, dataDir, say: () => undefined })
  const browser = await launchBrowser()
  try {
    await fillLibrary(demo)
    const repliesAlone = await measure(demo, browser)
    await fillCatalogue(demo)
    return report(repliesAlone, await measure(demo, browser))
  } finally {
    await browser.close()
    await demo.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function measure(demo: Demo, browser: Browser): Promise<Keystroke[]> {
  const origin = new URL(demo.simulator).origin
  const context = await freshContext({
    browser,
    cookies: [{ name: 'wecom_client_user', value: demo.firstGuide, url: origin }],
    userAgent: weComOnWindows,
    customer: { userId: demo.firstCustomer.externalUserId, name: demo.firstCustomer.name },
  })
  const watch = readFileSync(path.join(import.meta.dirname, 'keystroke-watch.js'), 'utf8')
  await context.addInitScript({ content: `${watch}\nwatchKeystrokes()` })
  const page = await context.newPage()
  await page.goto(`${origin}/sidebar/`)
  await page.getByRole('tab', { name: '话术' }).click()
  await page.getByRole('option').first().waitFor()
  await page.waitForLoadState('networkidle')

  const box = page.getByRole('combobox', { name: /搜话术/ })
  // Once through without measuring: the index is built at the first search, the engine compiles the loop.
  for (const words of typed.slice(0, 6)) await typeInto(words)
  await page.evaluate('window.keystrokes.length = 0')
  for (let round = 0; round < 3; round++) for (const words of typed) await typeInto(words)
  await page.waitForTimeout(200)
  const strokes = await page.evaluate<Keystroke[]>('window.keystrokes')
  await context.close()
  return strokes

  async function typeInto(words: string) {
    await box.pressSequentially(words, { delay: keyDelayMs })
    // The last keystroke of a word has as long as the others until somebody looks at its list.
    await page.waitForTimeout(keyDelayMs)
    await box.fill('')
  }
}

async function fillLibrary({ services, corpId }: Demo): Promise<void> {
  const there = await services.quickReplies.countShared(corpId)
  await saveAll(manyTitles(replies - there), (title) =>
    services.quickReplies.saveCorp(corpId, {
      folder: '大库',
      title,
      shortcut: '',
      parts: [{ type: 'text', text: `{{customer.name|亲}}您好，关于${title}，我把要点发给您，您先看看。` }],
    }),
  )
}

async function fillCatalogue({ services, corpId }: Demo): Promise<void> {
  const appId = 'wx00bec400bec400be'
  await services.cards.linkProgram(corpId, { appId, name: '大库商城' })
  const there = (await services.cards.listFor(corpId, '')).length
  await saveAll(manyCardTitles(cards - there), (title, at) =>
    services.cards.saveCard(corpId, {
      kind: 'product',
      title,
      sku: `BENCH-${at}`,
      priceFen: 100_000 + at,
      coverUrl: 'https://cdn.example.com/cover.png',
      appId,
      pathTemplate: 'pages/goods/detail.html?sku={sku}&t={token}',
      status: 'published',
    }),
  )
  for (const article of manyArticles(articles, paragraphsInArticle))
    await services.panel.knowledge.save(corpId, article)
}

async function saveAll<T>(items: T[], save: (item: T, at: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += savedAtOnce)
    await Promise.all(items.slice(at, at + savedAtOnce).map((item, next) => save(item, at + next)))
}

function report(repliesAlone: Keystroke[], everything: Keystroke[]): BenchResult {
  const alone = toFigures(repliesAlone)
  const all = toFigures(everything)
  const late = [...repliesAlone, ...everything].filter((stroke) => !stroke.settled).length
  const paragraphs = articles * paragraphsInArticle
  return {
    figures: { replies, ...alone, everything: { replies, cards, paragraphs, ...all } },
    bars: [
      { bar: 'keystroke p99 <= 4 ms among 2,000 replies', got: `${alone.p99Ms} ms`, held: alone.p99Ms <= 4 },
      {
        bar: 'keystroke p99 <= 8 ms with 5,000 cards and 1,000 paragraphs',
        got: `${all.p99Ms} ms`,
        held: all.p99Ms <= 8,
      },
      { bar: 'the list stands at the end of the keystroke', got: `${late} late`, held: late === 0 },
    ],
  }
}

function toFigures(strokes: Keystroke[]) {
  const times = strokes.map((stroke) => stroke.ms)
  const laidOut = strokes.map((stroke) => stroke.laidOutMs)
  return {
    keystrokes: strokes.length,
    p50Ms: round(quantile(times, 0.5), 2),
    p99Ms: round(quantile(times, 0.99), 2),
    laidOutP50Ms: round(quantile(laidOut, 0.5), 2),
    laidOutP99Ms: round(quantile(laidOut, 0.99), 2),
  }
}
