import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenCall {
  method: string
  path: string
  query: URLSearchParams
  body: string
  contentType: string
}

type Answer = object | string | ((response: ServerResponse, request: IncomingMessage) => void)

/**
 * A real HTTP server that answers as a test says: an object as JSON, a text as it is, or a function that does anything.
 * The answers of one path are given in turn, the last one again and again.
 */
export async function startWecomServer(answers: Record<string, Answer[]>) {
  const calls: SeenCall[] = []
  const turns = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://wecom.test')
      const path = url.pathname.replace(/^\/cgi-bin\//, '')
      calls.push({
        method: request.method ?? '',
        path,
        query: url.searchParams,
        body: Buffer.concat(chunks).toString('utf8'),
        contentType: request.headers['content-type'] ?? '',
      })
      const turn = turns.get(path) ?? 0
      turns.set(path, turn + 1)
      const list = answers[path] ?? []
      const answer = list[Math.min(turn, list.length - 1)]
      if (answer === undefined) response.writeHead(404).end()
      else if (typeof answer === 'function') answer(response, request)
      else if (typeof answer === 'string') response.end(answer)
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    callsOf: (path: string) => calls.filter((call) => call.path === path),
    connections: () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
