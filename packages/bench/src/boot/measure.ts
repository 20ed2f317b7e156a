import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'

/** Slow 4G as Chromium's own tools define it, and a middle-class phone's processor. */
const slow4g = { latencyMs: 562.5, bytesPerSec: (1.44 * 1024 * 1024) / 8 }
const cpuSlowdown = 4

export interface PageTimes {
  fcpMs: number
  contentMs: number
  /** The whole panel; 0 on a page that has none. */
  panelMs: number
  /** Requests to our own server one after another on the way to the content. */
  roundTrips: number
  /** Requests that went over the network before the content stood there. */
  requests: number
}

export interface OpenOptions {
  browser: Browser
  cookies: Parameters<BrowserContext['addCookies']>[0]
  userAgent: string
  customer: { userId: string; name: string }
}

/** A browser that is signed in and has nothing cached. */
export async function freshContext({ browser, cookies, userAgent, customer }: OpenOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 760 }, userAgent, locale: 'zh-CN' })
  await context.addCookies(cookies)
  const bridge = readFileSync(path.join(import.meta.dirname, 'client-bridge.js'), 'utf8')
  await context.addInitScript({ content: `${bridge}\ninstallBridge(${JSON.stringify(customer)})` })
  return context
}

/** Opens the page once on the slow line and waits for the customer's name. */
export async function openOnce(context: BrowserContext, url: string): Promise<PageTimes> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const log = await recordRequests(session, new URL(url).origin)
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: slow4g.latencyMs,
    downloadThroughput: slow4g.bytesPerSec,
    uploadThroughput: slow4g.bytesPerSec,
  })
  await slowProcessor(page)

  await page.goto(url, { waitUntil: 'commit' })
  // Asked over the debugger: the page's own CSP lets nothing be evaluated inside it.
  const deadline = Date.now() + 60_000
  while (!(await page.evaluate<number>('window.bootTimes ? window.bootTimes.contentMs : 0'))) {
    if (Date.now() > deadline) throw new Error(`No customer on ${url} within a minute`)
    await wait(100)
  }
  const { contentMs } = await page.evaluate<{ contentMs: number }>('window.bootTimes')
  const requests = log.until(contentMs)
  // Let what was begun come to its end (the panel, lazy parts, the kept context), as a person who stays would.
  await page.waitForLoadState('networkidle')
  const seen = await page.evaluate<Pick<PageTimes, 'contentMs' | 'panelMs' | 'fcpMs'>>('window.bootTimes')
  const times = { ...seen, ...requests }
  await page.close()
  return times
}

export async function slowProcessor(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
}

interface Sent {
  begunMs: number
  endedMs: number
  /** Served from the browser's own cache: no round trip. */
  cached: boolean
}

async function recordRequests(session: CDPSession, origin: string) {
  const sent = new Map<string, Sent>()
  let navigationAt = 0
  await session.send('Network.enable')
  session.on('Network.requestWillBeSent', ({ requestId, request, timestamp, type }) => {
    if (!request.url.startsWith(origin)) return
    if (type === 'Document' && navigationAt === 0) navigationAt = timestamp
    sent.set(requestId, {
      begunMs: (timestamp - navigationAt) * 1000,
      endedMs: Number.POSITIVE_INFINITY,
      cached: false,
    })
  })
  session.on('Network.requestServedFromCache', ({ requestId }) => mark(requestId, { cached: true }))
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache) mark(requestId, { cached: true })
  })
  session.on('Network.loadingFinished', ({ requestId, timestamp }) =>
    mark(requestId, { endedMs: (timestamp - navigationAt) * 1000 }),
  )
  function mark(requestId: string, change: Partial<Sent>): void {
    const known = sent.get(requestId)
    if (known) Object.assign(known, change)
  }

  return {
    until(contentMs: number): { roundTrips: number; requests: number } {
      const before = [...sent.values()].filter((one) => !one.cached && one.endedMs <= contentMs)
      return { roundTrips: longestChain(before), requests: before.length }
    },
  }
}

/** Walks back from the last request that ended: its forerunner is the latest one that ended before it began. */
function longestChain(requests: Sent[]): number {
  let length = 0
  let limit = Number.POSITIVE_INFINITY
  for (const request of [...requests].sort((a, b) => b.endedMs - a.endedMs)) {
    if (request.endedMs > limit) continue
    length++
    limit = request.begunMs
  }
  return length
}
