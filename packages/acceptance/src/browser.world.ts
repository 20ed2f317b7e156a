import { mkdirSync } from 'node:fs'
import path from 'node:path'

import { launchBrowser } from '@guidebar/testkit/browser'
import { createEmulatorControl, type EmulatorControl } from '@guidebar/wecom-emulator/control'
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core'
import { test as baseTest } from 'vitest'

import { openSimulator, type Simulator, type SimulatorState } from './simulator.page.ts'
import { startDemo, type DemoAddresses } from './start-demo.ts'

/** Pictures of every screen, for a person to look through; git does not keep them. */
const pictures = path.resolve(import.meta.dirname, '../../../screenshots')

export interface BrowserWorld {
  demo: { origin: string; emulatorUrl: string; firstGuide: string; firstCustomer: string }
  wecom: EmulatorControl
  /** A person with a browser of their own: nothing is shared with other tests. */
  open(state?: SimulatorState): Promise<Simulator>
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
  /** Keeps a picture of a page or of the panel alone. */
  picture(of: Page | FrameLocator, name: string): Promise<void>
}

/**
 * Tests that look at the product as a person does: the running demo and a real browser. Each file has both to itself, so
 * that no journey depends on what another one did, and two can run at once.
 */
export const test = baseTest.extend<{
  $test: { world: BrowserWorld }
  $file: { addresses: DemoAddresses; browser: Browser }
}>({
  addresses: [
    async ({}, use) => {
      const { stop, ...addresses } = await startDemo()
      await use(addresses)
      await stop()
    },
    { scope: 'file' },
  ],
  browser: [
    async ({}, use) => {
      const browser = await launchBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  world: async ({ addresses, browser }, use) => {
    const { simulator, emulator } = addresses
    const address = new URL(simulator)
    const demo = {
      origin: address.origin,
      emulatorUrl: emulator,
      firstGuide: address.searchParams.get('guide') ?? '',
      firstCustomer: address.searchParams.get('customer') ?? '',
    }
    const contexts: BrowserContext[] = []
    async function newContext(options: Parameters<Browser['newContext']>[0] = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        ...options,
      })
      context.setDefaultTimeout(15_000)
      contexts.push(context)
      return context
    }
    const wecom = createEmulatorControl(emulator)
    await use({
      demo,
      wecom,
      newContext,
      async open(state = {}) {
        const context = await newContext()
        return openSimulator(await context.newPage(), demo.origin, {
          guide: demo.firstGuide,
          customer: demo.firstCustomer,
          ...state,
        })
      },
      async picture(of, name) {
        mkdirSync(pictures, { recursive: true })
        const target = 'goto' in of ? of : of.owner()
        await target.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' })
      },
    })
    await Promise.all(contexts.map((context) => context.close()))
    await wecom.clearFaults()
    await wecom.changeSettings({ outage: 'none' })
  },
})
