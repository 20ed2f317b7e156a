import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { CallbackRejected } from './callback-rejected.ts'

export { CallbackRejected, type RejectionReason } from './callback-rejected.ts'

/** What the admin console shows for one callback URL. */
export interface CallbackCryptoOptions {
  /** Token of the callback URL: up to 32 letters and digits. */
  token: string
  /** EncodingAESKey: exactly 43 letters and digits. */
  encodingAesKey: string
  /** Who the packet is for: the corpid of a self-built app. */
  receiveId: string
}

/** The signed parts of a callback: three from the query, `encrypt` from the body (or `echostr` of a URL check). */
export interface SignedPacket {
  signature: string
  timestamp: string
  nonce: string
  encrypt: string
}

/** What `seal` makes: the body to post and the query to put beside it. */
export interface SealedPacket extends SignedPacket {
  xml: string
}

// WeCom pads to 32 bytes although the cipher's own block is 16.
const PAD_BLOCK = 32
const RANDOM_BYTES = 16
const LENGTH_BYTES = 4
const MAX_ENCRYPT_CHARS = 256 * 1024

const cdata = (text: string) => `<![CDATA[${text}]]>`

/**
 * Encrypts and decrypts the callbacks of one URL, with every check a receiver owes: form, signature in constant time
 * before anything is decrypted, canonical base64, all padding bytes, length bounds, receiver.
 *
 * The signature covers sorted parts without saying which is which, so timestamp and nonce may be exchanged by a
 * forger: judge the age of an event by its own CreateTime.
 * @throws TypeError when token or key do not have the documented form; the message holds neither
 * @see https://developer.work.weixin.qq.com/document/path/90968
 */
export function createCallbackCrypto({ token, encodingAesKey, receiveId }: CallbackCryptoOptions) {
  if (!/^[A-Za-z0-9]{1,32}$/.test(token)) throw new TypeError('callback token: 1 to 32 letters and digits')
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey)) throw new TypeError('EncodingAESKey: exactly 43 letters and digits')
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const iv = key.subarray(0, 16)
  const ownReceiver = Buffer.from(receiveId)

  /** @returns lower-case hex SHA-1 over the sorted, glued parts */
  function sign(timestamp: string, nonce: string, encrypt: string): string {
    // Byte order is wanted here: the parts are ASCII, so comparing code units is the same.
    const parts = [token, timestamp, nonce, encrypt].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    return createHash('sha1').update(parts.join('')).digest('hex')
  }

  /** @returns base64; `random` (16 bytes) and `receiveId` are for test vectors and for packets meant for nobody */
  function encrypt(plain: string, opts: { random?: Buffer; receiveId?: string } = {}): string {
    const random = opts.random ?? randomBytes(RANDOM_BYTES)
    if (random.length !== RANDOM_BYTES) throw new TypeError('random: exactly 16 bytes')
    const message = Buffer.from(plain)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(message.length)
    const receiver = opts.receiveId === undefined ? ownReceiver : Buffer.from(opts.receiveId)
    const body = Buffer.concat([random, length, message, receiver])
    const padding = PAD_BLOCK - (body.length % PAD_BLOCK)
    const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
    return Buffer.concat([cipher.update(body), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString(
      'base64',
    )
  }

  /**
   * Proves that a packet is WeCom's and ours, and opens it.
   * @returns the inner text (XML, or the plain echo text of a URL check)
   * @throws CallbackRejected with the failed check
   */
  function verifyAndDecrypt(packet: SignedPacket): string {
    const ciphertext = readForm(packet)
    const expected = Buffer.from(sign(packet.timestamp, packet.nonce, packet.encrypt), 'latin1')
    if (!timingSafeEqual(expected, Buffer.from(packet.signature, 'latin1'))) throw new CallbackRejected('signature')

    const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
    return readPlain(Buffer.concat([decipher.update(ciphertext), decipher.final()]), ownReceiver)
  }

  return {
    sign,
    encrypt,
    verifyAndDecrypt,

    /**
     * Answers WeCom's URL check; the text goes back alone, within one second.
     * A decoder of query strings may have turned the `+` of base64 into a blank, which no base64 holds: it is turned back.
     * @throws CallbackRejected
     * @see https://developer.work.weixin.qq.com/document/path/90930
     */
    verifyUrl({ echostr, ...query }: Omit<SignedPacket, 'encrypt'> & { echostr: string }): string {
      const encrypt = typeof echostr === 'string' ? echostr.replaceAll(' ', '+') : echostr
      return verifyAndDecrypt({ ...query, encrypt })
    },

    /**
     * Makes the packet WeCom would post.
     * @param at `timestamp` in Unix seconds as text; `agentId` and `toUserName` stand outside the signature
     */
    seal(
      plain: string,
      at: {
        timestamp: string
        nonce: string
        agentId?: string | number
        toUserName?: string
        random?: Buffer
        receiveId?: string
      },
    ): SealedPacket {
      const sealed = encrypt(plain, at)
      const agent = at.agentId === undefined ? '' : `<AgentID>${cdata(String(at.agentId))}</AgentID>`
      return {
        xml: `<xml><ToUserName>${cdata(at.toUserName ?? receiveId)}</ToUserName><Encrypt>${cdata(sealed)}</Encrypt>${agent}</xml>`,
        encrypt: sealed,
        signature: sign(at.timestamp, at.nonce, sealed),
        timestamp: at.timestamp,
        nonce: at.nonce,
      }
    },
  }
}

export type CallbackCrypto = ReturnType<typeof createCallbackCrypto>

/** The cheap checks, all before any key is used. A query parser may hand over arrays, so types are checked too. */
function readForm({ signature, timestamp, nonce, encrypt }: SignedPacket): Buffer {
  const isForm = (value: unknown, form: RegExp) => typeof value === 'string' && form.test(value)
  const wellFormed =
    isForm(timestamp, /^\d{10}$/) &&
    isForm(nonce, /^[A-Za-z0-9]{1,32}$/) &&
    isForm(signature, /^[0-9a-f]{40}$/) &&
    typeof encrypt === 'string' &&
    encrypt.length <= MAX_ENCRYPT_CHARS
  if (!wellFormed) throw new CallbackRejected('form')

  const ciphertext = Buffer.from(encrypt, 'base64')
  // Node's decoder skips foreign characters and forgives a wrong tail: only text that comes out again is canonical.
  const canonical = ciphertext.length > 0 && ciphertext.length % 16 === 0 && ciphertext.toString('base64') === encrypt
  if (!canonical) throw new CallbackRejected('form')
  return ciphertext
}

/** Takes 16 random bytes, length, message, receiver and padding apart. */
function readPlain(padded: Buffer, ownReceiver: Buffer): string {
  const padding = padded[padded.length - 1] ?? 0
  const goodPadding =
    padded.length % PAD_BLOCK === 0 &&
    padding >= 1 &&
    padding <= PAD_BLOCK &&
    padded.subarray(-padding).every((byte) => byte === padding)
  if (!goodPadding) throw new CallbackRejected('padding')

  const body = padded.subarray(0, padded.length - padding)
  const start = RANDOM_BYTES + LENGTH_BYTES
  if (body.length < start) throw new CallbackRejected('length')
  const end = start + body.readUInt32BE(RANDOM_BYTES)
  if (end > body.length) throw new CallbackRejected('length')
  if (!body.subarray(end).equals(ownReceiver)) throw new CallbackRejected('receive-id')

  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body.subarray(start, end))
  } catch {
    throw new CallbackRejected('encoding')
  }
}
