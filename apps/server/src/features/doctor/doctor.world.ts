import { createServer, type Server, type ServerResponse } from 'node:http'

/** What stands between people and the server, and what it does wrong. */
export type FrontFault = 'none' | 'spa' | 'quotes' | 'redirect' | 'host'

/** A reverse proxy as installers build them, in front of a server that is told later. */
export async function startFront() {
  let target = ''
  let fault: FrontFault = 'none'
  const server: Server = createServer((request, response) => {
    answer(request.url ?? '/', request.headers.host ?? '', response).catch(() => response.writeHead(502).end())
  })

  async function answer(path: string, host: string, response: ServerResponse): Promise<void> {
    if (fault === 'redirect') {
      response.writeHead(302, { location: `https://www.shop.example${path}` }).end()
      return
    }
    // A single-page app that catches every path it does not know.
    if (fault === 'spa') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Shop</title>')
      return
    }
    // `fetch` sets the host of where it goes: the faulty front passes that on, a good one the visitor's.
    const headers = fault === 'host' ? {} : { 'x-forwarded-host': host }
    const from = await fetch(`${target}${path}`, { headers, redirect: 'manual' })
    const text = await from.text()
    const body = fault === 'quotes' && path.startsWith('/wecom/') ? JSON.stringify(text) : text
    response.writeHead(from.status, { 'content-type': from.headers.get('content-type') ?? 'text/plain' }).end(body)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    leadTo: (origin: string) => (target = origin),
    break: (wanted: FrontFault) => (fault = wanted),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
