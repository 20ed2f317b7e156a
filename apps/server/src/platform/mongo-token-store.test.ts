import { randomUUID } from 'node:crypto'

import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

import { createMongoTokenStore } from './mongo-token-store.ts'
import { createSecretBox } from './secret-box.ts'

const token = (value: string, expiresInMs = 7_200_000) => ({ value, expiresInMs, lifetimeMs: 7_200_000 })

test('two servers that need a token at the same time fetch it once', async ({ world }) => {
  const twin = await world.startTwin()
  await world.wecom.clearCalls()

  await Promise.all(
    Array.from({ length: 30 }, (_, index) => (index % 2 ? world.corp : twin.corp).wecom.callbacks.getIps()),
  )

  const counts = await world.wecom.callCounts()
  expect(Object.entries(counts).filter(([path]) => path.includes('gettoken'))).toEqual([[expect.any(String), 1]])
})

test('of forty takers at once one holds the lease', async ({ world }) => {
  const store = createMongoTokenStore(world.db, createSecretBox('a secret of sixteen'))

  const leases = await Promise.all(Array.from({ length: 40 }, () => store.tryLease('key', randomUUID(), 5_000)))

  expect(leases.filter(Boolean)).toEqual([{ fence: 1 }])
})

test('a holder may renew, others may not before the lease is over, and a late write is dropped', async ({ world }) => {
  const store = createMongoTokenStore(world.db, createSecretBox('a secret of sixteen'))

  const slow = await store.tryLease('key', 'slow', 60_000)
  expect(await store.tryLease('key', 'fast', 60_000)).toBeNull()
  // The minute passes.
  await world.db.collection('wecomTokens').updateOne({}, { $set: { leaseEndsAt: new Date(Date.now() - 1_000) } })
  const fast = await store.tryLease('key', 'fast', 60_000)

  expect([slow?.fence, fast?.fence]).toEqual([1, 2])
  expect(await store.write('key', 2, token('new'))).toBe(true)
  expect(await store.write('key', 1, token('old'))).toBe(false)
  expect((await store.read('key'))?.value).toBe('new')
  expect((await store.tryLease('key', 'fast', 60_000))?.fence).toBe(3)
})

test('a released lease is free at once, but a later one is not released by an earlier holder', async ({ world }) => {
  const store = createMongoTokenStore(world.db, createSecretBox('a secret of sixteen'))
  const first = await store.tryLease('key', 'first', 60_000)

  await store.release('key', first?.fence ?? 0)
  const second = await store.tryLease('key', 'second', 60_000)
  await store.release('key', first?.fence ?? 0)

  expect(second?.fence).toBe(2)
  expect(await store.tryLease('key', 'third', 60_000)).toBeNull()
})

test('what remains of a life is told by the clock of the database', async ({ world }) => {
  const store = createMongoTokenStore(world.db, createSecretBox('a secret of sixteen'))
  const lease = await store.tryLease('key', 'holder', 5_000)

  await store.write('key', lease?.fence ?? 0, token('value', 60_000))

  const read = await store.read('key')
  expect(read?.expiresInMs).toBeGreaterThan(50_000)
  expect(read?.expiresInMs).toBeLessThanOrEqual(60_000)
  expect(read?.lifetimeMs).toBe(7_200_000)
})

test('only the token that was refused is forgotten', async ({ world }) => {
  const store = createMongoTokenStore(world.db, createSecretBox('a secret of sixteen'))
  const lease = await store.tryLease('key', 'holder', 5_000)
  await store.write('key', lease?.fence ?? 0, token('value'))

  await store.invalidate('key', 'another')
  expect((await store.read('key'))?.value).toBe('value')
  await store.invalidate('key', 'value')
  expect(await store.read('key')).toBeNull()
})

test('tokens lie in the database sealed, and for one key and name only', async ({ world }) => {
  const box = createSecretBox('a secret of sixteen')
  await world.corp.wecom.callbacks.getIps()
  const rows = JSON.stringify(await world.db.collection('wecomTokens').find().toArray())
  const own = createMongoTokenStore(world.db, createSecretBox(world.config.wecom.secret))
  const kept = await own.read(`access-token:${world.corpId}:${world.corp.agentId}`)

  const sealed = box.seal('value', 'this')

  expect(rows).toContain('access-token')
  expect(kept?.value).toMatch(/.{20}/)
  expect(rows).not.toContain(kept?.value)
  expect(box.open(sealed, 'this')).toBe('value')
  expect(box.open(sealed, 'that')).toBeNull()
  expect(box.open(sealed.slice(0, -4) + 'AAA=', 'this')).toBeNull()
  expect(createSecretBox('another secret of sixteen').open(sealed, 'this')).toBeNull()
})
