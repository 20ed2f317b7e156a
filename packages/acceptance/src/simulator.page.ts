import type { FrameLocator, Locator, Page } from 'playwright-core'

/** What can be set in the simulator's address. */
export interface SimulatorState {
  guide?: string
  customer?: string
  chat?: string
  internal?: '1'
  preset?: 'windows' | 'mac' | 'ios' | 'android' | 'old'
  entry?: string
  width?: '300' | '360' | '420' | 'phone'
  theme?: 'light' | 'dark'
  cancel?: '1'
  silent?: '1'
  nopermission?: '1'
  /** What happens to the panel when another conversation is opened. */
  switch?: 'reload' | 'keep' | 'keepQuiet'
  /** How many milliseconds the client takes for each answer. */
  latency?: string
}

export interface Simulator {
  page: Page
  /** Our own sidebar inside the pretend client. */
  panel: FrameLocator
  /** The conversation in the middle. */
  chat: Locator
  tab(name: '客户' | '群聊' | '话术' | '卡片' | '今天'): Promise<void>
  conversation(name: string | RegExp): Promise<void>
}

/** Opens the pretend client in this state and waits until the panel stands there. */
export async function openSimulator(page: Page, origin: string, state: SimulatorState): Promise<Simulator> {
  const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value))
  await page.goto(`${origin}/__sim/?${query.toString()}`)
  const panel = page.frameLocator('iframe')
  const simulator: Simulator = {
    page,
    panel,
    chat: page.getByRole('log', { name: '聊天记录', exact: true }),
    tab: (name) => panel.getByRole('tab', { name }).click(),
    conversation: (name) =>
      page.getByRole('listbox', { name: '会话列表' }).getByRole('option', { name }).first().click(),
  }
  await panel.locator('#app').waitFor()
  return simulator
}
