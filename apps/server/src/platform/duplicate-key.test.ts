import { mongo } from 'mongoose'
import { expect, test } from 'vitest'

import { findTaken, upsertTwice } from './duplicate-key.ts'

const duplicate = { code: 11_000 }

test('rows whose key is taken are named, and nothing is thrown', async () => {
  const failure = {
    writeErrors: [
      { index: 0, ...duplicate },
      { index: 2, ...duplicate },
    ],
  }

  expect(await findTaken(() => Promise.reject(failure))).toEqual([0, 2])
  expect(await findTaken(async () => undefined)).toEqual([])
})

test.for([
  [
    'another row failed for another reason',
    {
      writeErrors: [
        { index: 0, ...duplicate },
        { index: 1, code: 121 },
      ],
    },
  ],
  ['no row is named', { message: 'connection lost' }],
  [
    'the rows that were taken in are not safe yet',
    { writeErrors: [{ index: 0, ...duplicate }], result: { getWriteConcernError: () => ({ code: 64 }) } },
  ],
] as const)('when %s the insert has failed', async ([, failure]) => {
  await expect(findTaken(() => Promise.reject(failure))).rejects.toBe(failure)
})

test('an upsert that lost a race is tried once more, any other failure is not', async () => {
  let tries = 0
  const lost = async () => {
    tries += 1
    if (tries === 1) throw new mongo.MongoServerError({ message: 'duplicate', code: 11_000 })
    return 'written'
  }
  expect(await upsertTwice(lost)).toBe('written')

  const refused = new mongo.MongoServerError({ message: 'no', code: 121 })
  await expect(upsertTwice(() => Promise.reject(refused))).rejects.toBe(refused)
})
