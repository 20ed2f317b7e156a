import { expect, test } from 'vitest'

import { type CardDraft, lintCard, renderPage } from './card.lint.ts'
import { cardLintMessages } from './card-lint.messages.ts'

const linked = 'wx1234567890abcdef'
const good: CardDraft = {
  title: 'iPhone 17 新品预约',
  appId: linked,
  pathTemplate: 'pages/goods/detail.html?sku={sku}&store={store}&t={token}',
  sku: 'IP17-256',
  coverUrl: 'https://cdn.example.com/a.png',
}
const lint = (change: Partial<CardDraft>, publicUrl = 'https://guide.example.com') =>
  lintCard({ ...good, ...change }, { linkedAppIds: [linked], publicUrl }).map((finding) => finding.id)

test('a card that is in order has no findings', () => {
  expect(lint({})).toEqual([])
})

test.each<[string, Partial<CardDraft>]>([
  ['title-empty', { title: '  ' }],
  ['title-too-long', { title: '一二三四五六七八九十一二三四五六七八九十一二' }],
  ['path-leading-slash', { pathTemplate: '/pages/a.html?t={token}' }],
  ['path-not-html', { pathTemplate: 'pages/a?t={token}' }],
  ['path-not-html', { pathTemplate: 'pages/a.htm?x=.html&t={token}' }],
  ['path-bad-characters', { pathTemplate: 'pages/a.html?n=手机&t={token}' }],
  ['path-bad-characters', { pathTemplate: 'pages/a.html?t={token}#top' }],
  ['slot-unknown', { pathTemplate: 'pages/a.html?g={guide}&t={token}' }],
  ['slot-unknown', { pathTemplate: 'pages/a.html?g={&t={token}' }],
  ['token-missing', { pathTemplate: 'pages/a.html?sku={sku}' }],
  ['token-missing', { pathTemplate: 'pages/{token}.html' }],
  ['path-too-long', { sku: '长'.repeat(120) }],
  ['cover-not-https', { coverUrl: 'http://cdn.example.com/a.png' }],
  ['cover-not-https', { coverUrl: '' }],
  ['cover-not-https', { coverUrl: 'javascript:alert(1)' }],
  ['appid-not-linked', { appId: 'wxffffffffffffffff' }],
])('%s is found in %j', (id, change) => {
  expect(lint(change)).toEqual([id])
})

test('an appid of the wrong form is named as such', () => {
  expect(lint({ appId: 'WX1234567890ABCDEF' })).toEqual(['appid-malformed', 'appid-not-linked'])
})

test('plain http covers pass only where everything runs on one machine', () => {
  const coverUrl = 'http://127.0.0.1:4600/media/1'

  expect(lint({ coverUrl }, 'http://127.0.0.1:4600')).toEqual([])
  expect(lint({ coverUrl }, 'https://guide.example.com')).toEqual(['cover-not-https'])
})

test('slot values are encoded', () => {
  const page = renderPage(
    { pathTemplate: 'a.html?s={sku}&o={store}&t={token}', sku: '红&t=x' },
    { token: 'tok', storeId: '7' },
  )

  expect(page).toBe('a.html?s=%E7%BA%A2%26t%3Dx&o=7&t=tok')
})

test('every finding has cause and fix in every language', () => {
  const ids = Object.keys(cardLintMessages['zh-CN'])

  for (const words of Object.values(cardLintMessages)) {
    expect(Object.keys(words)).toEqual(ids)
    expect(Object.values(words).every(({ cause, fix }) => cause !== '' && fix !== '')).toBe(true)
  }
})
