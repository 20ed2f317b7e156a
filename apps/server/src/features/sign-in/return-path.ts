import type { SessionKind } from '../../platform/sessions/session.model.ts'

const homes = { guide: '/sidebar/', admin: '/admin/' } as const

/**
 * Where to go after signing in: a path of ours and of this kind, or else its home. Anything odd is no path of ours:
 * browsers read backslashes, control characters and doubled slashes in their own ways.
 * @param raw whatever somebody asked for
 */
export function safeReturnPath(kind: SessionKind, raw: unknown): string {
  const home = homes[kind]
  if (typeof raw !== 'string' || raw.length > 512 || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(raw)) return home
  const url = URL.parse(raw, 'https://ours.invalid')
  if (!url || url.origin !== 'https://ours.invalid') return home
  const isPage = url.pathname.startsWith(home) && !/\/\/|%2f|%5c|%00/i.test(url.pathname)
  if (!isPage || url.pathname.startsWith(`${home}auth/`)) return home
  // What WeCom once added must not come along a second time.
  for (const name of ['code', 'state', 'appid']) url.searchParams.delete(name)
  return url.pathname + url.search
}
