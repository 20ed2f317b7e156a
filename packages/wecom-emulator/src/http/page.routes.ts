import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { toMediaResponse } from '../media-response.ts'
import type { PageAnswer, RedirectAnswer } from '../pages/html.ts'
import { authorize, CLIENT_USER_COOKIE, qrLogin } from '../pages/sign-in.ts'
import type { World } from '../state/world.ts'

const assets = {
  'page.css': ['text/css', '../pages/page.css'],
  'inspector.css': ['text/css', '../inspector/inspector.css'],
  'inspector.js': ['text/javascript', '../inspector/inspector.js'],
  'text.zh-CN.js': ['text/javascript', '../inspector/text.zh-CN.js'],
} as const

const read = (path: string) => readFileSync(new URL(path, import.meta.url))

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const queryOf = (request: FastifyRequest) => new URL(request.url, 'http://emulator').searchParams

function readCookie(request: FastifyRequest, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key !== name) continue
    try {
      return decodeURIComponent(value.join('='))
    } catch {
      return null
    }
  }
  return null
}

function sendAnswer(reply: FastifyReply, answer: PageAnswer | RedirectAnswer) {
  reply.headers(securityHeaders)
  return 'location' in answer
    ? reply.redirect(answer.location, 302)
    : reply.type('text/html; charset=utf-8').send(answer.html)
}

/** Sign-in pages, files and the inspector: what a browser opens. */
export function registerPages(app: FastifyInstance, world: World) {
  const inspector = read('../inspector/index.html')
  const files = Object.fromEntries(
    Object.entries(assets).map(([name, [type, path]]) => [name, { type, bytes: read(path) }]),
  )

  app.get('/', (_request, reply) => reply.headers(securityHeaders).type('text/html; charset=utf-8').send(inspector))
  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const file = files[request.params.name]
    return file
      ? reply.headers(securityHeaders).type(`${file.type}; charset=utf-8`).send(file.bytes)
      : reply.code(404).send()
  })
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send())
  app.get('/connect/oauth2/authorize', (request, reply) =>
    sendAnswer(reply, authorize(world, queryOf(request), readCookie(request, CLIENT_USER_COOKIE))),
  )
  app.get('/wwlogin/sso/login', (request, reply) => sendAnswer(reply, qrLogin(world, queryOf(request))))

  // Stands for the client's own way to the files behind media ids; no token, since a picture tag has none.
  app.get<{ Params: { mediaId: string } }>('/media/:mediaId', (request, reply) => {
    const media = world.media.find(request.params.mediaId)
    if (!media) return reply.code(404).send()
    const { status, headers, body } = toMediaResponse(media, request.headers.range ?? null)
    const inline = media.type === 'file' ? {} : { 'content-disposition': 'inline' }
    return reply
      .code(status)
      .headers({ ...headers, ...inline, 'cross-origin-resource-policy': 'cross-origin' })
      .send(body)
  })
}
