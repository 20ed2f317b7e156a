import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { floorPage } from './floor-page.ts'

/**
 * One address for both pages: `/floor/` is the hand-written page with the boot facts of the panel's own HTML, everything
 * else goes to the server as it is.
 */
export async function openFront(): Promise<{ url: string; serve(serverUrl: string): void; close(): Promise<void> }> {
  let serverUrl = ''
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/floor/')) void serveFloor(request, response)
    else pass(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo

  function pass(request: IncomingMessage, response: ServerResponse): void {
    // The server looks at its own address while it starts.
    if (!serverUrl) {
      response.writeHead(503).end()
      return
    }
    const onward = httpRequest(
      serverUrl + request.url,
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  }

  async function serveFloor(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const panel = await fetch(`${serverUrl}/sidebar/`, {
      headers: { cookie: request.headers.cookie ?? '' },
      redirect: 'manual',
    })
    const boot = /<script type="application\/json" id="boot">([\s\S]*?)<\/script>/.exec(await panel.text())?.[1]
    if (!boot) {
      response.writeHead(500).end('no boot facts: not signed in?')
      return
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    response.end(floorPage(boot))
  }

  return {
    url: `http://127.0.0.1:${port}`,
    serve: (url) => void (serverUrl = url),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
