/** What the user agent says about the client this page is open in. */
export type Client = {
  isWecom: boolean
  /** Version of WeCom, empty elsewhere. */
  version: string
  isMac: boolean
}

/** Oldest WeCom that names the entry and takes the app's identity without the corp's. */
export const oldestClient = '3.0.24'

export function readClient(userAgent: string): Client {
  const version = /wxwork\/([\d.]+)/i.exec(userAgent)?.[1] ?? ''
  return { isWecom: version !== '', version, isMac: /macintosh/i.test(userAgent) }
}

/** Compares dotted versions number by number. */
export function isOlder(version: string, than: string): boolean {
  const here = version.split('.').map(Number)
  const there = than.split('.').map(Number)
  for (let at = 0; at < Math.max(here.length, there.length); at++) {
    const difference = (here[at] || 0) - (there[at] || 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
