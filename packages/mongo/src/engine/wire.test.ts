import { expect, test } from 'vitest'

import { createMessageReader, toReplyHeader } from './wire.ts'

function message(bytes: number, fill: number): Buffer {
  const buffer = Buffer.alloc(bytes, fill)
  buffer.writeInt32LE(bytes, 0)
  return buffer
}

test.each([1, 2, 3, 5, 17, 64, 1_000])('messages arrive whole and in order from chunks of %i bytes', (chunkBytes) => {
  const sent = [message(16, 1), message(300, 2), message(17, 3), message(2_000, 4)]
  const stream = Buffer.concat(sent)
  const read = createMessageReader()

  const received: Buffer[] = []
  for (let at = 0; at < stream.length; at += chunkBytes) received.push(...read(stream.subarray(at, at + chunkBytes)))

  expect(received).toEqual(sent)
})

test.each([
  ['negative', -1],
  ['shorter than its own header', 15],
  ['longer than the cap', 48_000_001],
])('a length that is %s ends the stream', (_, length) => {
  const read = createMessageReader()
  const prefix = Buffer.alloc(4)
  prefix.writeInt32LE(length, 0)

  expect(() => read(prefix)).toThrow(`a message of ${length} bytes is not acceptable`)
})

test('an answer names the request it belongs to and its whole length', () => {
  const answer = { requestId: 77, moreToCome: false, legacy: false, response: Buffer.alloc(100) }

  const header = toReplyHeader(answer, 5)
  const legacyHeader = toReplyHeader({ ...answer, legacy: true }, 6)

  expect([0, 4, 8, 12].map((at) => header.readInt32LE(at))).toEqual([121, 5, 77, 2013])
  expect([0, 4, 8, 12, 32].map((at) => legacyHeader.readInt32LE(at))).toEqual([136, 6, 77, 1, 1])
})
