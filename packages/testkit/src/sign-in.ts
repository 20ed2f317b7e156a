import { createTestBrowser, type TestBrowser } from './test-browser.ts'

/** Follows one redirect of a browser to WeCom and back, as the member who is signed in to the pretend client. */
export async function passWecom(location: string, userId: string): Promise<string> {
  const isQr = location.includes('/wwlogin/')
  // At the QR page a person picks the member; inside the client a cookie says who it is.
  const address = isQr ? `${location}&as=${encodeURIComponent(userId)}` : location
  const response = await fetch(address, {
    redirect: 'manual',
    headers: { cookie: `wecom_client_user=${encodeURIComponent(userId)}` },
  })
  const back = response.headers.get('location')
  if (!back) throw new Error(`WeCom did not let ${userId} sign in: ${(await response.text()).slice(0, 300)}`)
  return back
}

/** Signs in by the real round trip, with a new browser unless one is given. @throws Error with the answer when the server does not let the member in */
export async function signIn(
  origin: string,
  kind: 'guide' | 'admin',
  userId: string,
  browser: TestBrowser = createTestBrowser({ origin, prefix: kind === 'guide' ? '/api/sidebar' : '/api/admin' }),
): Promise<TestBrowser> {
  const start = await browser.get(kind === 'guide' ? '/sidebar/' : '/admin/auth/start')
  const back = await passWecom(locationOf(start.headers), userId)
  const end = await browser.get(back)
  if (end.statusCode !== 302 || !end.headers.get('location')?.startsWith(kind === 'guide' ? '/sidebar/' : '/admin/'))
    throw new Error(`${userId} was not let in as ${kind}: ${end.statusCode} ${end.text.slice(0, 2_000)}`)
  return browser
}

function locationOf(headers: Headers): string {
  const location = headers.get('location')
  if (!location) throw new Error('the server did not redirect')
  return location
}
