import { beforeEach, expect, test, vi } from 'vitest'

import { tellLanguage } from './tell-language.ts'

const saveLanguage = vi.fn<(body: { language: string }) => Promise<void>>(async () => undefined)
beforeEach(() => {
  localStorage.clear()
  saveLanguage.mockClear()
})
const tell = (language: 'zh-CN' | 'en', userId = 'xiaomei') => tellLanguage({ saveLanguage }, userId, language)

test('a language is told once, the usual one only after another', async () => {
  await tell('zh-CN')
  await tell('en')
  await tell('en')
  await tell('zh-CN')
  await tell('zh-CN', 'other')

  expect(saveLanguage.mock.calls.map(([{ language }]) => language)).toEqual(['en', 'zh-CN', 'zh-CN'])
})

test('what could not be told is told the next time', async () => {
  saveLanguage.mockRejectedValueOnce(new Error('offline'))

  await tell('en')
  await tell('en')

  expect(saveLanguage).toHaveBeenCalledTimes(2)
})
