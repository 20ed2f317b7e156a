import { afterEach, expect, test, vi } from 'vitest'

import { applyCorpColour } from './corp-colour.ts'
import { applyLanguage, createTranslations } from './i18n.ts'

afterEach(() => vi.unstubAllGlobals())

test("the corp's colour stands in for ours in the light theme, and nothing but a colour gets in", () => {
  const rules: string[] = []
  const sheet = { cssRules: rules, insertRule: (rule: string) => rules.push(rule) } as unknown as CSSStyleSheet

  for (const accent of ['', undefined, 'red', '#0a5c36;}body{display:none', '#0a5c36']) applyCorpColour(accent, [sheet])
  applyCorpColour('#0a5c36', [])

  expect(rules).toEqual([
    ":root:not([data-theme='dark']){--accent:#0a5c36;--accent-strong:#084a2b;--accent-soft:#e7efeb}",
  ])
})

test('a guide is shown a language that the corp offers', async () => {
  const offered = createTranslations(['zh-TW', 'zh-CN'])
  await applyLanguage(offered, 'en')
  const kept = createTranslations(['zh-TW', 'zh-CN'])
  await applyLanguage(kept, 'zh-CN')
  const unknown = createTranslations(['fr'])

  expect([offered.locale.value, kept.locale.value]).toEqual(['zh-TW', 'zh-CN'])
  expect(unknown.offered).toEqual(['zh-CN', 'zh-TW', 'en'])
})
