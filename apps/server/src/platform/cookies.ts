import type { CookieSerializeOptions } from '@fastify/cookie'

/** `__Host-`: the browser takes them only with Secure, for this one host, for every path; nobody else can set them. */
export const cookieNames = {
  guide: '__Host-guidebar-guide',
  admin: '__Host-guidebar-admin',
  /** Ties a sign-in on its way to the browser that began it. */
  signIn: '__Host-guidebar-signin',
  /** Lets the first admin set the server up. */
  setUp: '__Host-guidebar-set-up',
} as const

export const cookieOptions = {
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
} as const satisfies CookieSerializeOptions
