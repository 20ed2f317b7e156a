import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { sdkVersion, toClientReport } from './phone-home.ts'

const page = {
  href: 'https://guide.shop.cn/sidebar/#/',
  signedUrl: 'https://guide.shop.cn/sidebar/',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0) wxwork/4.1.30 MicroMessenger/7.0.1',
}

test('the version that is told is the one that is built in', () => {
  const manifest = path.join(import.meta.dirname, '../../node_modules/@wecom/jssdk/package.json')

  expect(sdkVersion).toBe((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version)
})

test('a panel that came up tells where it was opened, and nothing else', () => {
  const heard = { entry: { told: 'single_chat_tools' }, customer: { told: 'wmFirst' } }

  expect(toClientReport(heard, page)).toEqual({
    href: page.href,
    signedUrl: page.signedUrl,
    sdkVersion,
    wecomVersion: '4.1.30',
    platform: 'windows',
    entry: 'single_chat_tools',
    error: null,
  })
})

test('a refused signature and a missing customer are told as what they are', () => {
  const refused = toClientReport({ refused: { err_msg: 'agentConfig:fail_invalid signature' } }, page)
  const outside = toClientReport(
    {
      entry: { told: 'normal' },
      customer: { refused: { err_msg: 'getCurExternalContact:fail_without context of external contact' } },
    },
    page,
  )

  expect(refused.error).toMatchObject({ stage: 'agentConfig', errcode: 40093 })
  expect([outside.entry, outside.error?.message]).toEqual(['normal', expect.stringContaining('without context')])
})
