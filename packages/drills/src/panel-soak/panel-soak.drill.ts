import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { startDemo } from '@guidebar/demo'
import { launchBrowser } from '@guidebar/testkit/browser'
import { createEmulatorControl } from '@guidebar/wecom-emulator/control'
import type { CDPSession, Page } from 'playwright-core'

import { bySize, type Drill } from '../drill.ts'
import { thresholds } from '../thresholds.ts'

const { growthMiB } = thresholds.panel
const minuteMs = 60_000
const mib = 1024 * 1024
/** A guide talks with a few dozen people in a day; the panel's memory has to settle on them. */
const chats = 24
const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.6261.95 Safari/537.36 wxwork/5.0.11 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail embeddisk'

/** The panel stays open all day and follows the chat; what it needed for the last customer has to go. */
export const run: Drill = async ({ size, say }) => {
  const plan = bySize(size, {
    long: { switchMs: 3_000, settleMs: 5 * minuteMs, soakMs: 25 * minuteMs },
    short: { switchMs: 500, settleMs: minuteMs / 2, soakMs: 2 * minuteMs },
    test: { switchMs: 250, settleMs: 8_000, soakMs: 8_000 },
  })
  const dataDir = mkdtempSync(path.join(tmpdir(), 'guidebar-soak-'))
  const demo = await startDemo({ port: 0, customers: 100, seed: 1, dataDir, say: () => undefined })
  const browser = await launchBrowser()
  try {
    const { origin } = new URL(demo.simulator)
    const customers = await readCustomers(demo)
    const context = await browser.newContext({ viewport: { width: 360, height: 760 }, userAgent, locale: 'zh-CN' })
    await context.addCookies([{ name: 'wecom_client_user', value: demo.firstGuide, url: origin }])
    const bridge = readFileSync(path.join(import.meta.dirname, 'chat-bridge.js'), 'utf8')
    await context.addInitScript({ content: `${bridge}\ninstallChatBridge(${JSON.stringify(customers[0]?.id)})` })
    const page = await context.newPage()
    await page.goto(`${origin}/sidebar/`)
    const session = await context.newCDPSession(page)
    let switched = 0
    let lost = 0

    say(`the chat changes every ${plan.switchMs} ms …`)
    await switchFor(plan.settleMs)
    const before = await heapOf(session)
    await switchFor(plan.soakMs)
    const after = await heapOf(session)
    const grown = (after - before) / mib
    return {
      promises: [
        {
          id: 'panel-soak',
          want: 'after every change the panel shows who the chat is with',
          got: `${lost} of ${switched} not`,
          held: lost === 0 && switched > 0,
        },
        {
          id: 'panel-soak',
          want: `heap grows <= ${growthMiB} MiB once it has settled`,
          got: `${grown.toFixed(2)} MiB over ${switched} changes (${(after / mib).toFixed(1)} MiB at the end)`,
          held: grown <= growthMiB,
        },
      ],
    }

    async function switchFor(ms: number) {
      const until = Date.now() + ms
      for (; Date.now() < until; switched++) {
        const { id, name } = customers[switched % customers.length]!
        await page.evaluate(`switchChat(${JSON.stringify(id)})`)
        const [shown] = await Promise.all([showsName(page, name), sleep(plan.switchMs)])
        if (!shown) lost += 1
      }
    }
  } finally {
    await browser.close()
    await demo.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const showsName = (page: Page, name: string) =>
  page
    .locator('#app', { hasText: name })
    .waitFor({ timeout: 20_000 })
    .then(
      () => true,
      () => false,
    )

/** The guide's own customers, as the pretend WeCom has them. */
async function readCustomers({ emulator, firstGuide }: Awaited<ReturnType<typeof startDemo>>) {
  const customers = await createEmulatorControl(emulator).customers({ userId: firstGuide, limit: chats * 2 })
  return customers
    .filter(({ relations }) => relations.some(({ userId, status }) => userId === firstGuide && status === 'both'))
    .slice(0, chats)
    .map(({ externalUserId, name }) => ({ id: externalUserId, name }))
}

/** What is really in use: rubbish is collected first. @returns bytes */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}
