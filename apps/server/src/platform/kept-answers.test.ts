import { expect, test } from 'vitest'

import { createKeptAnswers } from './kept-answers.ts'

function createReads() {
  let at = 0
  let reads = 0
  const answers = createKeptAnswers<number>({ ttlMs: 1_000, now: () => at })
  return {
    answers,
    read: () => answers.read('key', async () => ++reads),
    pass: (ms: number) => {
      at += ms
    },
  }
}

test('an answer is read once for all who ask within its time', async () => {
  const { read, pass } = createReads()

  expect(await Promise.all([read(), read()])).toEqual([1, 1])
  pass(999)
  expect(await read()).toBe(1)
  pass(1)
  expect(await read()).toBe(2)
})

test('what has changed is read again, also when a read was under way', async () => {
  const { answers, read } = createReads()
  const early = read()

  answers.forget('key')

  expect([await early, await read(), await read()]).toEqual([1, 2, 2])
})

test('a failed read is not kept, and takes no later answer along', async () => {
  const { answers, read } = createReads()
  const failing = Promise.withResolvers<number>()
  const first = answers.read('key', () => failing.promise)
  answers.forget('key')
  await read()

  failing.reject(new Error('storage'))

  await expect(first).rejects.toThrow('storage')
  expect(await read()).toBe(1)
  await expect(answers.read('other', () => Promise.reject(new Error('storage')))).rejects.toThrow('storage')
  expect(await answers.read('other', async () => 7)).toBe(7)
})
