import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'

import { createGroupCommit } from './group-commit.ts'

type Row = { _id: string }

type Options = { fail?: () => boolean; most?: number; patienceMs?: number; busy?: () => Promise<unknown> }

function collect({ fail = () => false, most = 1_000, patienceMs = 30_000, busy = () => sleep(5) }: Options = {}) {
  const writes: string[][] = []
  const add = createGroupCommit<Row>({
    bounds: { most, tooMany: () => new Error('too many'), patienceMs, tooSlow: () => new Error('too slow') },
    write: async (rows) => {
      writes.push(rows.map(({ _id }) => _id))
      await busy()
      if (fail()) throw new Error('disk full')
    },
  })
  return { writes, add: (id: string) => add({ _id: id }) }
}

test('what arrives in one turn is one write, and what comes meanwhile the next', async () => {
  const { writes, add } = collect()

  const first = [add('a'), add('b'), add('a')]
  await sleep(2)
  const second = [add('c'), add('d')]
  await Promise.all([...first, ...second])

  expect(writes).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

test('nobody is told that a row is kept before the write is done', async () => {
  const { add } = collect()
  let isKept = false

  const kept = add('a').then(() => (isKept = true))
  await sleep(2)
  expect(isKept).toBe(false)
  await kept

  expect(isKept).toBe(true)
})

test('a write that fails is told to all who waited for it, and the next one goes on', async () => {
  let failing = true
  const { add } = collect({ fail: () => failing })

  const outcomes = await Promise.allSettled([add('a'), add('b')])
  failing = false

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(add('c')).resolves.toBeUndefined()
})

test('beyond the bound new rows are refused at once', async () => {
  const { add } = collect({ most: 2 })

  const outcomes = await Promise.allSettled([add('a'), add('b'), add('c')])

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
})

test('a write that never ends holds nobody, neither its own nor those behind it', async () => {
  const gate = Promise.withResolvers<void>()
  const { add, writes } = collect({ patienceMs: 20, busy: () => gate.promise })

  const own = add('a')
  await sleep(2)
  const behind = add('b')

  await expect(own).rejects.toThrow('too slow')
  await expect(behind).rejects.toThrow('too slow')
  gate.resolve()
  await expect.poll(() => writes).toEqual([['a'], ['b']])
})
