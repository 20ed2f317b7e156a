export type TestResponse = {
  statusCode: number
  headers: Headers
  text: string
  /** The parsed JSON, or null when the answer is none. Tests say what they expect in it. */
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

export type RequestOptions = { headers?: Record<string, string | undefined>; body?: unknown; rawBody?: string }

export type TestBrowser = ReturnType<typeof createTestBrowser>

/**
 * A browser without a screen: real HTTP, cookies kept as a browser on loopback keeps them, redirects left to the test,
 * and the headers by which a browser says that a request comes from our own page.
 * @param prefix put before paths that do not start at a known place of the server, e.g. `/api/sidebar`
 */
export function createTestBrowser({ origin, prefix = '' }: { origin: string; prefix?: string }) {
  const cookies = new Map<string, string>()

  function keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const at = pair.indexOf('=')
      const name = pair.slice(0, at)
      const isOver = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute))
      if (isOver) cookies.delete(name)
      else cookies.set(name, pair.slice(at + 1))
    }
  }

  function addressOf(path: string): string {
    if (/^https?:/.test(path)) return path
    const isWhole = /^\/(api|open|sidebar|admin|wecom|media|livez|readyz|reference)\b/.test(path)
    return `${origin}${isWhole ? '' : prefix}${path}`
  }

  async function send(method: string, path: string, options: RequestOptions = {}): Promise<TestResponse> {
    const { body, rawBody } = options
    const headers = {
      origin,
      'sec-fetch-site': 'same-origin',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    }
    const given = Object.entries(headers).filter((entry): entry is [string, string] => Boolean(entry[1]))
    const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(addressOf(path), { method, headers: given, body: payload, redirect: 'manual' })
    keep(response)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return { statusCode: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
  }

  return {
    cookies,
    send,
    get: (path: string, options?: RequestOptions) => send('GET', path, options),
    put: (path: string, body?: unknown, options?: RequestOptions) => send('PUT', path, { body, ...options }),
    post: (path: string, body?: unknown, options?: RequestOptions) => send('POST', path, { body, ...options }),
    delete: (path: string, options?: RequestOptions) => send('DELETE', path, options),
  }
}
