import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect } from 'vitest'

import { test } from './browser.world.ts'
import { openSimulator } from './simulator.page.ts'

const forget = readFileSync(path.join(import.meta.dirname, 'old-webview.js'), 'utf8')

test('in an engine without the newer methods the job is done all the same', async ({ world }) => {
  const context = await world.newContext()
  await context.addInitScript({ content: `${forget}\nforgetNewerMethods()` })
  const page = await context.newPage()
  const broken: string[] = []
  page.on('pageerror', (error) => broken.push(error.message))
  const { demo } = world
  const { panel, tab, chat } = await openSimulator(page, demo.origin, {
    guide: demo.firstGuide,
    customer: demo.firstCustomer,
  })

  await panel.getByRole('button', { name: '打标签' }).click()
  await panel.getByRole('dialog').getByRole('button', { name: '折叠屏' }).first().waitFor()
  await page.keyboard.press('Escape')
  await tab('卡片')
  await panel.getByRole('option').locator('visible=true').first().waitFor()
  await tab('话术')
  await panel.getByRole('combobox').locator('visible=true').fill('zs')
  await panel.getByRole('option').locator('visible=true').first().click()
  await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()

  await chat.getByText(/早上好/).waitFor()
  expect(broken).toEqual([])
})
