import { webcrypto } from 'node:crypto'

import { expect, test } from 'vitest'

import { createMemory } from '../platform/memory-writer.ts'
import { context } from '../testing/fixtures.ts'
import { openMemory, type MemoryStore } from './memory.ts'

const subtle = webcrypto.subtle as unknown as SubtleCrypto
const wang = { externalUserId: 'wm-wang' }

function createMapStore() {
  const kept = new Map<string, unknown>()
  const store: MemoryStore = {
    get: async (name) => kept.get(name),
    put: async (name, value) => void kept.set(name, value),
    names: async () => [...kept.keys()],
    remove: async (name) => void kept.delete(name),
    clear: async () => kept.clear(),
  }
  return { store, kept }
}
const open = (store: MemoryStore, sessionRef = 's1', userId = 'xiaomei') =>
  createMemory(openMemory({ sessionRef, userId, store, subtle }))

test('what was known of a customer is found again in the same session', async () => {
  const { store } = createMapStore()
  await open(store).keep(wang, context())

  expect(await open(store).read(wang)).toEqual(context())
  expect(await open(store).read({ externalUserId: 'wm-other' })).toBeNull()
  expect(await open(store, 's1', 'other-guide').read(wang)).toBeNull()
})

test('on disk it is sealed, and the key cannot be taken out', async () => {
  const { store, kept } = createMapStore()
  await open(store).keep(wang, context())

  const { sealed } = kept.get('xiaomei:wm-wang') as { sealed: ArrayBuffer }
  const { key } = kept.get('session') as { key: CryptoKey }

  expect(Buffer.from(sealed).toString('utf8')).not.toContain('小鱼')
  await expect(subtle.exportKey('raw', key)).rejects.toThrow('extractable')
})

test('another session finds nothing, and leaves nothing of the one before', async () => {
  const { store, kept } = createMapStore()
  await open(store).keep(wang, context())

  expect(await open(store, 's2').read(wang)).toBeNull()
  expect([...kept.keys()]).toEqual(['session'])
})

test('a wipe leaves nothing, also not what is kept after it', async () => {
  const { store, kept } = createMapStore()
  const memory = open(store)
  await memory.keep(wang, context())
  const wiped = memory.wipe()
  await memory.keep(wang, context())
  await wiped

  expect([...kept.keys()]).toEqual([])
})

test('fifty customers are kept, the oldest go first', async () => {
  const { store, kept } = createMapStore()
  const memory = open(store)
  for (let at = 0; at < 52; at++) {
    await memory.keep({ externalUserId: `wm-${at}` }, context())
    Object.assign(kept.get(`xiaomei:wm-${at}`) as object, { savedAt: at })
  }
  await memory.keep(wang, context())

  expect(kept.size).toBe(51)
  expect(await memory.read({ externalUserId: 'wm-0' })).toBeNull()
  expect(await memory.read(wang)).not.toBeNull()
})

test('a library is kept packed and sealed, does not count as a customer, and goes when it is too large', async () => {
  const { store, kept } = createMapStore()
  const memory = open(store)
  const library = Array.from({ length: 500 }, (_, at) => ({ id: `reply-${at}`, title: '新客问候' }))
  await memory.keepNamed('quick-replies', library)

  expect(await open(store).readNamed('quick-replies')).toEqual(library)
  expect(await open(store, 's1').readNamed('cards')).toBeNull()
  const { sealed } = kept.get('/quick-replies') as { sealed: ArrayBuffer }
  expect(sealed.byteLength).toBeLessThan(JSON.stringify(library).length / 3)

  await memory.keepNamed('quick-replies', library, 100)
  expect(kept.has('/quick-replies')).toBe(false)
})

test('a browser that keeps nothing remembers nothing and disturbs nobody', async () => {
  const broken = new Proxy({} as MemoryStore, { get: () => () => Promise.reject(new Error('no storage')) })
  const memory = open(broken)

  await memory.keep(wang, context())
  await memory.wipe()

  expect(await memory.read(wang)).toBeNull()
})
