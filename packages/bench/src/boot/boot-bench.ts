import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'

import { startDemo } from '@guidebar/demo'
import { launchBrowser } from '@guidebar/testkit/browser'

import { median, round } from '../figures.ts'
import type { BenchResult } from '../bench-result.ts'
import { openFront } from './front.ts'
import { measureInteractions } from './interactions.ts'
import { freshContext, openOnce, type PageTimes } from './measure.ts'
import { weComOnWindows as userAgent } from './user-agent.ts'

/** The panel's start against a hand-written page, interleaved in one run: slow 4G, processor slowed four times, signed in. */
export async function run(args: string[]): Promise<BenchResult> {
  const { values } = parseArgs({ args, strict: false, allowPositionals: true, options: { runs: { type: 'string' } } })
  const runs = Math.max(7, Number(values['runs'] ?? 9))
  const dataDir = mkdtempSync(path.join(tmpdir(), 'guidebar-bench-'))
  const front = await openFront()
  const demo = await startDemo({
    port: 0,
    customers: 500,
    seed: 1,
    dataDir,
    publicUrl: front.url,
    say: () => undefined,
  })
  front.serve(demo.serverUrl)
  const browser = await launchBrowser()
  try {
    const cookies = await signIn()
    const customer = { userId: demo.firstCustomer.externalUserId, name: demo.firstCustomer.name }
    const cold: PageTimes[] = []
    const warm: PageTimes[] = []
    const floorCold: PageTimes[] = []
    const floorWarm: PageTimes[] = []
    for (let run = 0; run < runs; run++) {
      const panel = await freshContext({ browser, cookies, userAgent, customer })
      const floor = await freshContext({ browser, cookies, userAgent, customer })
      cold.push(await openOnce(panel, `${front.url}/sidebar/`))
      floorCold.push(await openOnce(floor, `${front.url}/floor/`))
      warm.push(await openOnce(panel, `${front.url}/sidebar/`))
      floorWarm.push(await openOnce(floor, `${front.url}/floor/`))
      await panel.close()
      await floor.close()
      process.stderr.write(`run ${run + 1} of ${runs}\n`)
    }
    const inUse = await measureInteractions({ browser, cookies, userAgent, customer }, `${front.url}/sidebar/`)
    return report({ cold, warm, floorCold, floorWarm }, inUse)
  } finally {
    await browser.close()
    await demo.close()
    await front.close()
    rmSync(dataDir, { recursive: true, force: true })
  }

  async function signIn() {
    const context = await browser.newContext({ userAgent })
    await context.addCookies([{ name: 'wecom_client_user', value: demo.firstGuide, url: front.url }])
    const page = await context.newPage()
    await page.goto(`${front.url}/sidebar/`)
    const cookies = await context.cookies()
    await context.close()
    return cookies
  }
}

function report(
  times: Record<'cold' | 'warm' | 'floorCold' | 'floorWarm', PageTimes[]>,
  inUse: { inpP98Ms: number; cls: number },
): BenchResult {
  const middle = (list: PageTimes[], key: keyof PageTimes) => round(median(list.map((one) => one[key])))
  const firstView = firstViewBytes()
  const figures = {
    roundTrips: { cold: middle(times.cold, 'roundTrips'), warm: middle(times.warm, 'roundTrips') },
    firstView: { ...firstView, requests: middle(times.cold, 'requests') },
    fcpMs: middle(times.cold, 'fcpMs'),
    contentMs: middle(times.cold, 'contentMs'),
    warmContentMs: middle(times.warm, 'contentMs'),
    panelMs: middle(times.cold, 'panelMs'),
    warmPanelMs: middle(times.warm, 'panelMs'),
    ...inUse,
    floor: {
      fcpMs: middle(times.floorCold, 'fcpMs'),
      contentMs: middle(times.floorCold, 'contentMs'),
      warmContentMs: middle(times.floorWarm, 'contentMs'),
    },
  }
  const coldRatio = figures.contentMs / figures.floor.contentMs
  const warmRatio = figures.warmContentMs / figures.floor.warmContentMs
  const kib = (firstView.jsGzip + firstView.cssGzip) / 1024
  return {
    figures,
    bars: [
      { bar: 'warm round trips <= 2', got: String(figures.roundTrips.warm), held: figures.roundTrips.warm <= 2 },
      { bar: 'first view <= 70 KiB gzip', got: `${kib.toFixed(1)} KiB`, held: kib <= 70 },
      { bar: 'cold content <= 1.4 x floor', got: `${coldRatio.toFixed(2)} x`, held: coldRatio <= 1.4 },
      { bar: 'warm content <= 0.6 x floor', got: `${warmRatio.toFixed(2)} x`, held: warmRatio <= 0.6 },
      { bar: 'interaction to next paint p98 <= 100 ms', got: `${inUse.inpP98Ms} ms`, held: inUse.inpP98Ms <= 100 },
      { bar: 'layout shift <= 0.02', got: String(inUse.cls), held: inUse.cls <= 0.02 },
    ],
  }
}

/** What the first view needs of the built panel: inline parts of the HTML, the files that the HTML names, and the SDK. */
function firstViewBytes(): { jsGzip: number; cssGzip: number } {
  const dist = path.resolve(import.meta.dirname, '../../../../apps/sidebar/dist')
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
  const named = (ending: string) =>
    readdirSync(path.join(dist, 'assets'))
      .filter((file) => file.endsWith(ending) && (html.includes(file) || file.startsWith('sdk-')))
      .map((file) => readFileSync(path.join(dist, 'assets', file), 'utf8'))
  const inline = (tag: string) =>
    [...html.matchAll(new RegExp(`<${tag}(?![^>]*(?:\\bsrc=|application/json))[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map(
      (match) => match[1] ?? '',
    )
  const bytes = (texts: string[]) =>
    texts.reduce((sum, text) => sum + (text.trim() ? gzipSync(text, { level: 9 }).length : 0), 0)
  return {
    jsGzip: bytes([...named('.js'), ...inline('script')]),
    cssGzip: bytes([...named('.css'), ...inline('style')]),
  }
}
