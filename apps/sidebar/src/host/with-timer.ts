/** A refusal of our own, in a shape that needs no class: the start script makes them too. */
export type CodedRefusal = {
  code: 'CLIENT_SILENT' | 'OUTSIDE_WECOM' | 'CLIENT_TOO_OLD' | 'SIGNATURE_UNAVAILABLE'
  message: string
}

/** Rejects with CLIENT_SILENT when the client has not answered in time; the SDK itself waits for ever. */
export function withTimer<T>(answer: Promise<T>, timeoutMs: number, call: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const silent: CodedRefusal = { code: 'CLIENT_SILENT', message: `${call}: no answer within ${timeoutMs} ms` }
    // oxlint-disable-next-line prefer-promise-reject-errors
    const timer = setTimeout(() => reject(silent), timeoutMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
