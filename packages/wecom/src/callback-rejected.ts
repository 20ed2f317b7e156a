/**
 * Which check a packet failed: for counters and logs, never for the sender.
 * - `form`: timestamp, nonce, signature or ciphertext do not have the documented form
 * - `signature`: the signature does not hold
 * - `padding`, `length`, `encoding`: decrypted, but not a well-formed packet
 * - `receive-id`: meant for another corp
 * - `xml`, `json`: not the XML, or the JSON, that WeCom sends
 * - `shape`: well written, but an element is missing, doubled, nested or of the wrong form
 */
export type RejectionReason =
  | 'form'
  | 'signature'
  | 'padding'
  | 'length'
  | 'encoding'
  | 'receive-id'
  | 'xml'
  | 'json'
  | 'shape'

/** A callback that must be refused. Carries the failed check and nothing of the packet. */
export class CallbackRejected extends Error {
  override readonly name = 'CallbackRejected'
  readonly reason: RejectionReason

  constructor(reason: RejectionReason) {
    super(`callback rejected: ${reason}`)
    this.reason = reason
  }
}
