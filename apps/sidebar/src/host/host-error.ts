import type { CodedRefusal } from './with-timer.ts'

/** Everything that can go wrong between this page and the WeCom client. */
export type HostErrorCode =
  | 'OUTSIDE_WECOM'
  | 'CLIENT_TOO_OLD'
  | 'BAD_SIGNATURE'
  | 'SIGNATURE_UNAVAILABLE'
  | 'UNTRUSTED_DOMAIN'
  | 'BAD_CORP'
  | 'NO_PERMISSION'
  | 'WRONG_ENTRY'
  | 'UNSUPPORTED'
  | 'CANCELLED'
  | 'BAD_MESSAGE'
  | 'URL_CHANGED'
  | 'TARGET_CHANGED'
  | 'CLIENT_SILENT'
  | 'CLIENT_FAILED'

/** `message` is the client's own words, for support. */
export class HostError extends Error {
  declare readonly code: HostErrorCode

  constructor(code: HostErrorCode, message: string) {
    super(message)
    this.name = 'HostError'
    this.code = code
  }
}

// Platforms word the same refusal differently, so only a part is looked for, without case, blanks and underscores.
const knownRefusals: [parts: RegExp, code: HostErrorCode][] = [
  [/invalidsignature|40093/, 'BAD_SIGNATURE'],
  [/invalidurldomain|notmatchanyreliabledomain|80001|40048/, 'UNTRUSTED_DOMAIN'],
  [/invalidcorpid|40013/, 'BAD_CORP'],
  [/withoutcontext/, 'WRONG_ENTRY'],
  [/nopermission|permissiondenied|accessdenied|offlineverifying/, 'NO_PERMISSION'],
  [/functionnotexist|notsupport/, 'UNSUPPORTED'],
  [/cancel/, 'CANCELLED'],
  [/invalid(imgurl|param|miniprograminfo)|notallowtocrosscorp|unsupportedmsgtype|contentempty/, 'BAD_MESSAGE'],
  [/aborted/, 'URL_CHANGED'],
]

/**
 * Reads a refusal of the client, of the SDK or of our own timers: a reply with `errMsg`, an `Error`, a coded refusal.
 * @see https://developer.work.weixin.qq.com/document/path/96912
 */
export function toHostError(reason: unknown): HostError {
  if (reason instanceof HostError) return reason
  const coded = reason as Partial<CodedRefusal> | null | undefined
  if (coded?.code && !(reason instanceof Error)) return new HostError(coded.code, coded.message ?? '')
  const words = wordsOf(reason)
  // An Error has no name of a call in front of its words; a reply has one.
  const refusal = reason instanceof Error ? words : words.slice(words.indexOf(':') + 1)
  const plain = refusal.toLowerCase().replace(/[^a-z0-9]/g, '')
  const known = knownRefusals.find(([parts]) => parts.test(plain))
  return new HostError(known?.[1] ?? 'CLIENT_FAILED', words.slice(0, 180))
}

function wordsOf(reason: unknown): string {
  if (reason instanceof Error) return reason.message
  const reply = (reason ?? {}) as { errMsg?: unknown; err_msg?: unknown; errmsg?: unknown }
  const words = [reply.errMsg, reply.err_msg, reply.errmsg].find((part) => typeof part === 'string')
  return typeof words === 'string' ? words : String(reason)
}
