import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { getResponse } from 'msw'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { CALLER_HEADER, type Endpoint, toDateHeader, WECOM_ORIGIN } from '../handlers/endpoint.ts'
import { WIRE_HEADER, type WireFault } from '../handlers/http-faults.ts'
import { readAnswer } from '../handlers/json-answer.ts'
import type { World } from '../state/world.ts'

const skipped = new Set(['host', 'content-length', 'transfer-encoding', 'connection', CALLER_HEADER])

function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && !skipped.has(name)) headers.set(name, value)
  }
  headers.set(CALLER_HEADER, request.ip)
  return headers
}

/** Puts the msw handlers behind real HTTP. Paths are plain, so each request is given to its one handler at once. */
export function mountWecom(world: World, endpoints: readonly Endpoint[], report: (message: string) => void) {
  const handlers = new Map(endpoints.map((endpoint) => [endpoint.path, [endpoint.handler]]))

  return async (request: FastifyRequest, reply: FastifyReply) => {
    const url = new URL(request.url, WECOM_ORIGIN)
    const body =
      request.method === 'GET' || request.method === 'HEAD' ? undefined : (request.body as Buffer | undefined)
    const asked = new Request(url, {
      method: request.method,
      headers: toHeaders(request),
      ...(body && { body: new Uint8Array(body) }),
    })
    const response = await getResponse(handlers.get(url.pathname) ?? [], asked)
    if (!response) {
      world.log.unknown.push({ at: world.clock.nowIso(), method: request.method, path: url.pathname })
      report(
        `UNKNOWN WECOM PATH ${request.method} ${url.pathname}: the emulator does not know it, see docs/wecom-coverage.md`,
      )
      // The live service answers an unknown path with 404 and no body at all.
      return reply.code(404).header('date', toDateHeader(world)).send()
    }
    return send(reply, response)
  }
}

async function send(reply: FastifyReply, response: Response) {
  const wire = response.headers.get(WIRE_HEADER) as WireFault | null
  if (wire === 'cut' || wire === 'reset') {
    reply.hijack()
    if (wire === 'reset') reply.raw.socket?.resetAndDestroy()
    else reply.raw.destroy()
    return reply
  }
  reply.code(response.status)
  for (const [name, value] of response.headers) if (name !== WIRE_HEADER) reply.header(name, value)
  const body = await readAnswer(response)
  if (!wire) return reply.send(body)
  const bytes = Buffer.from(body)
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
  if (wire === 'brokenBody') return reply.send(half)
  if (wire === 'drip') return reply.header('content-length', bytes.length).send(Readable.from(drip(bytes)))
  if (wire === 'hugeBody') return reply.removeHeader('content-length').send(Readable.from(toHugeBody()))
  return cutBody(reply, bytes, half)
}

/** One byte a second, as from a line that is all but dead. */
async function* drip(bytes: Buffer) {
  for (const byte of bytes) {
    yield Buffer.of(byte)
    await sleep(1000, undefined, { ref: false })
  }
}

const HUGE_CHUNKS = 960

/** 60 MiB of good JSON, without telling beforehand how long it is. */
function* toHugeBody() {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  yield '{"errcode":0,"errmsg":"ok","filler":"'
  for (let index = 0; index < HUGE_CHUNKS; index += 1) yield chunk
  yield '"}'
}

/** The whole length is announced, half of it comes. */
function cutBody(reply: FastifyReply, bytes: Buffer, half: Buffer) {
  const headers = { ...(reply.getHeaders() as Record<string, string>), 'content-length': bytes.length }
  reply.hijack()
  reply.raw.writeHead(reply.statusCode, headers)
  reply.raw.write(half, () => reply.raw.destroy())
  return reply
}
