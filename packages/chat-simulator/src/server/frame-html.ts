import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'

const bridgeTag = '<script src="/__sim/bridge.js"></script>'

/** Puts the bridge where nothing of the page can run before it: first in `<head>`. */
export function withBridge(html: string): string {
  const head = /<head(?:\s[^>]*)?>/i.exec(html)
  if (head) return html.slice(0, head.index + head[0].length) + bridgeTag + html.slice(head.index + head[0].length)
  // A page may leave `<head>` out; the tag then opens it.
  const start = /^\s*(?:<!doctype[^>]*>)?\s*(?:<html(?:\s[^>]*)?>)?/i.exec(html)?.[0].length ?? 0
  return html.slice(0, start) + bridgeTag + html.slice(start)
}

type Headers = Record<string, string | string[] | number | undefined>

/** Lets the simulator's own page, and nobody else, frame the answer. All other headers stay as they are. */
export function withFraming(headers: Headers): Headers {
  const { 'x-frame-options': _, ...rest } = headers
  for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
    const policy = rest[name]
    if (typeof policy === 'string') rest[name] = frameableBySelf(policy)
    else if (Array.isArray(policy)) rest[name] = policy.map(frameableBySelf)
  }
  // The framed variant differs from the plain one, and caches must know by what.
  rest.vary = [rest.vary, 'Sec-Fetch-Dest'].flat().filter(Boolean).join(', ')
  return rest
}

function frameableBySelf(policy: string): string {
  return policy.replace(/frame-ancestors[^;,]*/gi, "frame-ancestors 'self'")
}

/** Undoes the content codings of an answer, the last one first. @throws Error for one it does not know */
export async function decodeBody(body: Buffer, contentEncoding = ''): Promise<Buffer> {
  let decoded = body
  for (const coding of contentEncoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .toReversed()) {
    if (coding === '' || coding === 'identity') continue
    const decode = { gzip: gunzip, 'x-gzip': gunzip, deflate: inflate, br: brotliDecompress, zstd: zstdDecompress }[
      coding
    ]
    if (!decode) throw new Error(`The product answered with content coding ${coding}, which the simulator cannot read`)
    decoded = await promisify<Buffer, Buffer>(decode)(decoded)
  }
  return decoded
}
