import { expect, test } from 'vitest'

import { safeReturnPath } from './return-path.ts'

test.each([
  ['guide', '/sidebar/?from=toolbar', '/sidebar/?from=toolbar'],
  ['guide', '/sidebar/?code=x&state=y&from=toolbar', '/sidebar/?from=toolbar'],
  ['admin', '/admin/customers?page=2', '/admin/customers?page=2'],
] as const)('%s goes back to %s', (kind, asked, path) => {
  expect(safeReturnPath(kind, asked)).toBe(path)
})

const hostile = [
  'https://evil.example/',
  'http://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/admin/..//evil.example',
  '/admin/%2f%2fevil.example',
  '/admin/%5cevil.example',
  '/admin//evil.example',
  '/admin/../../evil',
  '/admin/../sidebar/',
  '/admin/..%2f..%2fevil',
  '/admin/auth/start',
  '/admin/auth/callback?code=x',
  '/adminevil',
  '/admin',
  '/api/admin/home',
  '/admin/\u0000',
  '/admin/\r\nSet-Cookie: a=b',
  '/admin/\u2028',
  '/admin/@evil.example\\',
  'admin/',
  '@evil.example',
  'https:evil.example',
  'https:/evil.example',
  '/https://evil.example',
  '%2f%2fevil.example',
  '/%2fevil.example',
  '/admin/%00',
  '/admin/%2F..%2Fevil',
  '.evil.example',
  '/.evil.example',
  '//admin/',
  '/admin/./auth/start',
  '',
  '/',
  '?',
  '#',
  '/admin/' + 'a'.repeat(600),
  '/sidebar/',
  'ftp://evil.example',
  'vbscript:x',
  'http:////evil.example',
  '/;@evil.example',
  '//evil.example@127.0.0.1/',
  '/\\/\\/evil.example',
  '/admin/..\\evil',
  '//[::1]/',
  '/．．/evil',
  '/admin/。。/evil',
]

test.each([...hostile, undefined, null, 7, ['/admin/x'], { toString: () => '/admin/x' }])(
  'the admin does not go to %j',
  (asked) => {
    expect(safeReturnPath('admin', asked)).toBe('/admin/')
  },
)
