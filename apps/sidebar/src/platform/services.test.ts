import type { JsSignatures } from '@guidebar/contracts'
import { expect, test, vi } from 'vitest'

import { signatures } from '../testing/fixtures.ts'
import { answering } from '../testing/mocks.ts'
import { createSignatureSource, takeOver } from './services.ts'

test('a call the start has under way is taken over once, then asked for again', async () => {
  const later = new Response('later')
  vi.stubGlobal('fetch', answering(later))
  const early = new Response('early')
  const send = takeOver({ '/api/a': Promise.resolve(early) })

  expect(await send('/api/a')).toBe(early)
  expect(await send('/api/a')).toBe(later)
  expect(await send('/api/b')).toBe(later)
  vi.unstubAllGlobals()
})

test('a call taken over can still be stopped', async () => {
  const stopped = new AbortController()
  const call = takeOver({ '/api/a': new Promise(() => undefined) })('/api/a', { signal: stopped.signal })
  stopped.abort()

  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
})

test('the start’s signatures serve their address; any other, and fresh ones, are asked for once', async () => {
  const signUrl = vi.fn<(url: string) => Promise<JsSignatures>>(async (url) => signatures(url))
  const find = createSignatureSource({ signatures: Promise.resolve(signatures('https://a/')) }, { signUrl })

  await Promise.all([find('https://a/', false), find('https://b/', false)])
  await find('https://b/', false)
  await find('https://a/', true)

  expect(signUrl.mock.calls).toEqual([['https://b/'], ['https://a/']])
})

test('signatures that could not be had are asked for again', async () => {
  const signUrl = vi
    .fn<(url: string) => Promise<JsSignatures>>(async (url) => signatures(url))
    .mockRejectedValueOnce(new Error('offline'))
  const find = createSignatureSource({ signatures: Promise.reject(new Error('none')) }, { signUrl })

  await expect(find('https://a/', false)).rejects.toThrow('offline')
  expect((await find('https://a/', false)).url).toBe('https://a/')
})
