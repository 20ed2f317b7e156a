import { expect, test } from 'vitest'

import { decideTheme } from '../start/theme.ts'
import { createFormat } from './format.ts'
import { createTranslations, decideLanguage } from './i18n.ts'

test('the guide’s choice of a theme is first, then the client’s word, then the system', () => {
  expect(decideTheme('light', 'ColorScheme/Dark wxwork/5.0', true)).toBe('light')
  expect(decideTheme('auto', 'Language/zh ColorScheme/Dark wxwork/5.0', false)).toBe('dark')
  expect(decideTheme('auto', 'ColorScheme/Light', true)).toBe('light')
  expect(decideTheme('auto', 'wxwork/3.1.18', true)).toBe('dark')
})

test('the client’s language is first; of the two scripts the browser knows which', () => {
  expect(decideLanguage('en', 'Language/zh', ['zh-CN'])).toBe('en')
  expect(decideLanguage('auto', 'Language/zh wxwork/5', ['zh-TW'])).toBe('zh-TW')
  expect(decideLanguage('auto', 'Language/zh wxwork/5', ['en-US'])).toBe('zh-CN')
  expect(decideLanguage('auto', 'Language/zh_TW', ['zh-CN'])).toBe('zh-TW')
  expect(decideLanguage('auto', 'Language/en', ['zh-CN'])).toBe('en')
  expect(decideLanguage('auto', 'Mozilla/5.0', ['zh-Hant-HK'])).toBe('zh-TW')
  expect(decideLanguage('auto', 'Mozilla/5.0', ['fr'])).toBe('en')
})

test('messages are filled in, in the language shown', async () => {
  const translations = createTranslations()
  expect(translations.t('stale.updating', { time: '14:05' })).toBe('截至 14:05 的资料，正在更新…')
  expect(translations.t('no.such.key')).toBe('no.such.key')

  await translations.show('en')

  expect(translations.t('tags.added', { name: 'VIP' })).toBe('Added “VIP”')
  expect(document.documentElement.lang).toBe('en')
})

test('moments and sums are written as people read them', () => {
  const format = createFormat('zh-CN')
  const now = new Date('2026-11-21T12:00:00+08:00')

  expect(format.moment('2026-11-21T09:05:00+08:00', now)).toBe('09:05')
  expect(format.moment('2026-11-19T09:05:00+08:00', now)).toBe('周四 09:05')
  expect(format.moment('2026-03-05T09:05:00+08:00', now)).toBe('3月5日 09:05')
  expect(format.day('2025-03-05T09:05:00', now)).toBe('2025年3月5日')
  expect(format.day('2026-10-31T16:00:00.000Z')).toBe('11月1日')
  expect([format.money(0), format.money(119_900), format.money(1_234_567)]).toEqual(['¥0', '¥1,199', '¥12,345.67'])
})
