import type { ClientMessage } from '@guidebar/contracts'
import { expect, test } from 'vitest'

import { readClient } from './client.ts'
import { checkMessage } from './message-check.ts'

const windows = readClient('wxwork/5.0.11 WindowsWechat')
const oldMac = readClient('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) wxwork/4.1.20')
const card = (change: Partial<{ imgUrl: string; page: string }> = {}): ClientMessage => ({
  msgtype: 'miniprogram',
  miniprogram: { appid: 'wx1', title: 't', imgUrl: 'https://x/1.png', page: 'pages/a.html?t=1', ...change },
})

test('what the client would take passes', () => {
  expect(() => checkMessage(card(), windows)).not.toThrow()
  expect(() => checkMessage(card({ page: 'pages/a.html' }), windows)).not.toThrow()
  expect(() => checkMessage({ msgtype: 'text', text: { content: '您好' } }, windows)).not.toThrow()
})

test.each<[string, ClientMessage]>([
  ['a card without a cover', card({ imgUrl: '' })],
  ['a card whose cover is no web address', card({ imgUrl: 'data:image/png;base64,' })],
  ['a card whose path lacks .html', card({ page: 'pages/a?t=1' })],
  ['an empty text', { msgtype: 'text', text: { content: '' } }],
  ['an image without a media id', { msgtype: 'image', image: { mediaid: '' } }],
  ['a link without a cover', { msgtype: 'news', news: { link: 'https://x', title: 't', desc: '', imgUrl: '' } }],
])('%s is refused before it is handed over', (_, message) => {
  expect(() => checkMessage(message, windows)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }))
})

test('an old Mac client cannot send cards', () => {
  expect(() => checkMessage(card(), oldMac)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
})
