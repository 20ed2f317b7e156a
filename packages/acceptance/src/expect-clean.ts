import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** @param frame the panel alone: in life it is a window of its own, so the page around it is judged by itself */
export async function expectClean(page: Page, frame?: 'iframe'): Promise<void> {
  // Colours that are on their way from one to the other are no colours to judge.
  await page.waitForTimeout(250)
  const axe = new AxeBuilder({ page })
  const { violations } = await (frame ? axe.include([frame, 'html']) : axe.exclude('iframe')).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}
