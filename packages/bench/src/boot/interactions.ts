import { readFileSync } from 'node:fs'
import path from 'node:path'

import type { Page } from 'playwright-core'

import { quantile, round } from '../figures.ts'
import { freshContext, slowProcessor, type OpenOptions } from './measure.ts'

const rounds = 8
/** How long somebody looks at what has opened, at the least. */
const lookMs = 300
/** Shorter than one frame the browser does not report an interaction; it counts as this. */
const leastMs = 16

/**
 * What a guide does all day with the panel open, on a processor slowed four times: switch tabs, type into the search,
 * open a card and close it again.
 * @returns the interaction to next paint of the slowest in fifty, in ms, and the layout shift of the page's whole life
 */
export async function measureInteractions(
  options: OpenOptions,
  url: string,
): Promise<{ inpP98Ms: number; cls: number }> {
  const context = await freshContext(options)
  const watch = readFileSync(path.join(import.meta.dirname, 'interaction-watch.js'), 'utf8')
  await context.addInitScript({ content: `${watch}\nwatchInteractions()` })
  const page = await context.newPage()
  await slowProcessor(page)
  await page.goto(url)
  await page.waitForLoadState('networkidle')
  let done = 0
  for (let round = 0; round < rounds; round++) done += await workOnce(page)
  await page.waitForTimeout(500)
  const seen = await page.evaluate<{ durations: Record<string, number>; cls: number }>('window.interactions')
  await context.close()
  const reported = Object.values(seen.durations)
  const quick = Array.from({ length: Math.max(0, done - reported.length) }, () => leastMs)
  return { inpP98Ms: round(quantile([...reported, ...quick], 0.98)), cls: round(seen.cls, 4) }
}

/** @returns how many interactions it made */
async function workOnce(page: Page): Promise<number> {
  const words = 'iphone'
  await page.getByRole('tab', { name: '话术' }).click()
  const replies = page.getByRole('combobox').locator('visible=true').first()
  await replies.pressSequentially(words, { delay: 120 })
  await replies.fill('')
  await page.getByRole('tab', { name: '卡片' }).click()
  const cards = page.getByRole('combobox').locator('visible=true').first()
  await cards.pressSequentially(words, { delay: 120 })
  await cards.fill('')
  await page.getByRole('option').locator('visible=true').first().click()
  await page.getByRole('dialog').waitFor()
  // Nobody closes what has not been drawn yet: the time of opening would be counted again, as that of closing.
  await page.waitForTimeout(lookMs)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('tab', { name: '客户' }).click()
  return 2 * words.length + 5
}
