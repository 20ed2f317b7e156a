import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'

import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { decodeBody, withBridge, withFraming } from './frame-html.ts'

/**
 * Hands every request on to the product as the browser made it, so that the product's public origin is this one.
 * Only answers to a frame under `/sidebar` are changed, and only so far that the bridge is there before the page.
 */
export async function registerProductProxy(app: FastifyInstance, productUrl: string) {
  await app.register(httpProxy, {
    upstream: productUrl,
    proxyPayloads: true,
    // A 503 is an answer of the product that the page must see; the proxy would ask again ten times.
    retryMethods: [],
    replyOptions: {
      retryDelay: () => null,
      rewriteRequestHeaders: (request, headers) => ({ ...headers, host: request.headers.host }),
      rewriteHeaders: (headers, request) =>
        (request && isFrameOfSidebar(request as FastifyRequest) ? withFraming(headers) : headers) as typeof headers,
      onResponse: (request, reply, answer) => {
        const stream = (answer as unknown as { stream: Readable }).stream
        const framedPage = isFrameOfSidebar(request as FastifyRequest) && isHtml(reply as FastifyReply)
        if (framedPage) void sendWithBridge(reply as FastifyReply, stream)
        else reply.send(stream)
      },
      onError: (reply, { error }) => {
        reply.code(502).type('text/html; charset=utf-8').send(unreachablePage(productUrl, error.message))
      },
    },
  })
}

async function sendWithBridge(reply: FastifyReply, stream: Readable) {
  try {
    const encoding = reply.getHeader('content-encoding')
    const html = (await decodeBody(await buffer(stream), typeof encoding === 'string' ? encoding : '')).toString('utf8')
    reply.removeHeader('content-encoding')
    // Fastify counts the new length itself.
    reply.removeHeader('content-length')
    await reply.send(withBridge(html))
  } catch (error) {
    await reply.code(502).send(error)
  }
}

function isFrameOfSidebar({ url, headers }: FastifyRequest): boolean {
  return headers['sec-fetch-dest'] === 'iframe' && /^\/sidebar(?:[/?]|$)/.test(url)
}

function isHtml(reply: FastifyReply): boolean {
  // An answer without a body, such as 304, has no page to put anything into.
  return /^text\/html\b/i.test(String(reply.getHeader('content-type') ?? '')) && ![204, 304].includes(reply.statusCode)
}

function unreachablePage(productUrl: string, cause: string): string {
  const text = (value: string) => value.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>产品服务没有应答</title>
<body style="font:15px/1.7 system-ui,sans-serif;margin:24px;color-scheme:light dark"><h1 style="font-size:18px">产品服务没有应答</h1>
<p>模拟器在 ${text(productUrl)} 找不到产品服务。请确认它已经启动，然后刷新。</p><p><small>${text(cause)}</small></p>`
}
