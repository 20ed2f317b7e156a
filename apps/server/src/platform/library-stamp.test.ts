import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

import { createLibraryStamps } from './library-stamp.ts'

test('the mark changes before a write and after it, also when the write fails', async ({ world }) => {
  const stamps = createLibraryStamps(world.db)
  const read = async () => (await stamps.read(['library']))[0] ?? ''
  const seen = [await read()]

  await stamps.changing('library', async () => seen.push(await read()))
  seen.push(await read())
  const failing = stamps.changing('library', async () => {
    seen.push(await read())
    throw new Error('not acknowledged')
  })
  await expect(failing).rejects.toThrow('not acknowledged')
  seen.push(await read())

  expect(seen).toHaveLength(5)
  expect(new Set(seen).size).toBe(5)
})
