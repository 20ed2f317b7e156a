import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CallbackRejected, createCallbackCrypto, type SignedPacket } from './callback-crypto.ts'
import { parseCallbackEnvelope } from './callback-xml.ts'
import { readJson, readText } from './test-support/fixtures.ts'

const token = 'kX9bQ2mV7cL4zP1w'
const encodingAesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const receiveId = 'ww5f2a9c31d7be4608'
const at = { timestamp: '1783000001', nonce: '1597530864' }
const crypto = createCallbackCrypto({ token, encodingAesKey, receiveId })

const reasonOf = (attempt: () => unknown): string => {
  try {
    attempt()
    return 'accepted'
  } catch (error) {
    if (error instanceof CallbackRejected) return error.reason
    throw error
  }
}

/** A packet with a good signature over any ciphertext. */
const signed = (encrypt: string): SignedPacket => ({
  ...at,
  encrypt,
  signature: crypto.sign(at.timestamp, at.nonce, encrypt),
})

describe('known answers', () => {
  test("WeCom's own worked example opens, and seals to the same bytes", () => {
    const known = readJson('callback.crypto.known-answer.json')
    const own = createCallbackCrypto({
      token: known.token,
      encodingAesKey: known.encodingAESKey,
      receiveId: known.receiveid,
    })

    const { timestamp, nonce, encrypt, msg_signature: signature } = known
    const plain = own.verifyAndDecrypt({ signature, timestamp, nonce, encrypt })

    expect(plain).toBe(known.plaintext)
    expect(own.sign(timestamp, nonce, encrypt)).toBe(signature)
  })

  test('an event envelope opens to the event fixture', () => {
    const { query } = readJson('callback.envelope.add_external_contact.json')
    const { encrypt, agentId } = parseCallbackEnvelope(readText('callback.envelope.add_external_contact.xml'))

    const plain = crypto.verifyAndDecrypt({ ...query, signature: query.msg_signature, encrypt })

    expect(agentId).toBe('1000014')
    expect(plain).toBe(readText('event.change_external_contact.add_external_contact.xml'))
  })

  test('the URL check gives the bare text, also when + came as a blank', () => {
    const { query, expectedBody } = readJson('callback.url-verification.json')
    const { msg_signature: signature, echostr, ...rest } = query

    expect(crypto.verifyUrl({ ...rest, signature, echostr })).toBe(expectedBody)
    expect(crypto.verifyUrl({ ...rest, signature, echostr: echostr.replaceAll('+', ' ') })).toBe(expectedBody)
  })

  test('a packet for another corp is refused although its signature holds', () => {
    const { query, encrypt } = readJson('callback.envelope.wrong-receiveid.json')

    expect(reasonOf(() => crypto.verifyAndDecrypt({ ...query, signature: query.msg_signature, encrypt }))).toBe(
      'receive-id',
    )
  })
})

describe('round trip', () => {
  test('whatever is sealed opens again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (plain) => {
        const packet = crypto.seal(plain, { ...at, agentId: 1000014 })

        expect(crypto.verifyAndDecrypt(packet)).toBe(plain)
        expect(parseCallbackEnvelope(packet.xml)).toEqual({
          encrypt: packet.encrypt,
          toUserName: receiveId,
          agentId: '1000014',
        })
      }),
    )
  })

  test.each(['', 'WW5F2A9C31D7BE4608', `${receiveId} `, ` ${receiveId}`, 'ww0000000000000000', `${receiveId}\0`])(
    'the receiver %j is not ours',
    (other) => {
      const packet = crypto.seal('<xml></xml>', { ...at, receiveId: other })

      expect(reasonOf(() => crypto.verifyAndDecrypt(packet))).toBe('receive-id')
    },
  )
})

describe('forged packets', () => {
  const good = crypto.seal(readText('event.change_external_contact.add_external_contact.xml'), at)
  const otherToken = createCallbackCrypto({ token: 'other', encodingAesKey, receiveId })

  const forgeries: Record<string, (noise: string) => unknown> = {
    'no signature': () => ({ ...good, signature: undefined }),
    'random signature': (noise) => ({ ...good, signature: noise.slice(0, 40) }),
    'upper-case signature': () => ({ ...good, signature: good.signature.toUpperCase().replace(/^\d+$/, 'A') }),
    'short signature': () => ({ ...good, signature: good.signature.slice(1) }),
    'signature as a list': () => ({ ...good, signature: [good.signature] }),
    "another token's signature": () => ({
      ...good,
      signature: otherToken.sign(at.timestamp, at.nonce, good.encrypt),
    }),
    'another timestamp': () => ({ ...good, timestamp: '1783000002' }),
    'timestamp with a sign': () => ({ ...good, timestamp: '+178300000' }),
    'empty nonce': () => ({ ...good, nonce: '' }),
    'nonce with markup': (noise) => ({ ...good, nonce: `<${noise.slice(0, 4)}>` }),
    'other ciphertext': (noise) => ({ ...good, encrypt: Buffer.from(noise).toString('base64') }),
    'no ciphertext': () => ({ ...good, encrypt: '' }),
    'base64 with blanks': () => ({ ...good, encrypt: `${good.encrypt}\n` }),
    base64url: () => ({ ...good, encrypt: good.encrypt.replaceAll('+', '-').replaceAll('/', '_').slice(0, -1) }),
    'prototype name': () => ({ ...good, encrypt: { __proto__: 'x' } }),
  }

  test.each(Object.keys(forgeries))('%s: never accepted', (kind) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{48}$/), (noise) => {
        const packet = forgeries[kind]?.(noise) as SignedPacket

        expect(reasonOf(() => crypto.verifyAndDecrypt(packet))).toMatch(/^(form|signature)$/)
      }),
      { numRuns: 50 },
    )
  })

  test('any one changed character of the ciphertext breaks the signature', () => {
    fc.assert(
      fc.property(fc.nat(good.encrypt.length - 3), (position) => {
        const changed = good.encrypt[position] === 'A' ? 'B' : 'A'
        const encrypt = good.encrypt.slice(0, position) + changed + good.encrypt.slice(position + 1)

        expect(reasonOf(() => crypto.verifyAndDecrypt({ ...good, encrypt }))).toMatch(/^(form|signature)$/)
      }),
    )
  })

  test('a ciphertext that is not whole blocks is refused before any key is used', () => {
    const packet = signed(Buffer.alloc(47).toString('base64'))

    expect(reasonOf(() => crypto.verifyAndDecrypt(packet))).toBe('form')
  })

  test('with a good signature, random blocks are refused by padding, length or receiver', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 6 }), (seed) => {
        const blocks = Buffer.concat(Array.from({ length: 32 }, () => Buffer.from(seed))).subarray(0, 32 * seed.length)

        expect(reasonOf(() => crypto.verifyAndDecrypt(signed(blocks.toString('base64'))))).toMatch(
          /^(padding|length|receive-id|encoding)$/,
        )
      }),
    )
  })
})

describe('well encrypted, badly built', async () => {
  const { createCipheriv } = await import('node:crypto')
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const encryptRaw = (bytes: Buffer) => {
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64')
  }
  const body = (length: number, message: Buffer, receiver = receiveId) => {
    const head = Buffer.alloc(20)
    head.writeUInt32BE(length, 16)
    return Buffer.concat([head, message, Buffer.from(receiver)])
  }
  const padded = (bytes: Buffer, fill?: (padding: number) => Buffer) => {
    const padding = 32 - (bytes.length % 32)
    return Buffer.concat([bytes, fill ? fill(padding) : Buffer.alloc(padding, padding)])
  }
  const open = (bytes: Buffer) => reasonOf(() => crypto.verifyAndDecrypt(signed(encryptRaw(bytes))))
  const message = Buffer.from('hello')

  test('the honest build opens', () => {
    expect(open(padded(body(5, message)))).toBe('accepted')
  })

  test.each([
    ['padding 0', padded(body(5, message), (n) => Buffer.alloc(n, 0)), 'padding'],
    ['padding 33', padded(body(5, message), (n) => Buffer.alloc(n, 33)), 'padding'],
    [
      'one padding byte changed',
      padded(body(5, message), (n) => Buffer.concat([Buffer.alloc(1, 9), Buffer.alloc(n - 1, n)])),
      'padding',
    ],
    ['padding to 16 only', Buffer.concat([body(5, message), Buffer.alloc(5, 5)]), 'padding'],
    ['length beyond the end', padded(body(500, message)), 'length'],
    ['length 2^32-1', padded(body(0xffffffff, message)), 'length'],
    ['nothing but padding', Buffer.alloc(32, 32), 'length'],
    ['length too small: the message runs into the receiver', padded(body(4, message)), 'receive-id'],
    ['length too large: the receiver is cut', padded(body(6, message)), 'receive-id'],
    ['broken UTF-8', padded(body(5, Buffer.from([0x68, 0xff, 0xfe, 0xc0, 0x80]))), 'encoding'],
  ])('%s is refused', (_, bytes, reason) => {
    expect(open(bytes)).toBe(reason)
  })
})

test('wrong settings are named without their values', () => {
  expect(() => createCallbackCrypto({ token: 'no spaces allowed', encodingAesKey, receiveId })).toThrow(
    /^callback token: 1 to 32 letters and digits$/,
  )
  expect(() => createCallbackCrypto({ token, encodingAesKey: 'short', receiveId })).toThrow(
    /^EncodingAESKey: exactly 43/,
  )
})
