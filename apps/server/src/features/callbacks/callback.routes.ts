import type { FastifyPluginAsync } from 'fastify'

import type { CallbackBody, CallbackQuery } from './callback.gate.ts'
import type { CallbackService } from './callback.service.ts'

const bodyLimitBytes = 64 * 1024

type Call = { Params: { corpId: string }; Querystring: CallbackQuery; Body: SentBody | undefined }
/** `text` is null when the bytes are no text. */
type SentBody = { text: string | null; form: CallbackBody['form'] }

/** Where WeCom posts its events. Whoever calls is proven by the packet's signature; cookies and keys mean nothing here. */
export const callbackRoutes: FastifyPluginAsync<{ callbacks: CallbackService }> = async (app, { callbacks }) => {
  // The packet stays text until its signature holds; any other kind of body is refused unread.
  app.removeAllContentTypeParsers()
  const forms = { xml: ['text/xml', 'application/xml'], json: ['application/json'] } as const
  for (const form of ['xml', 'json'] as const)
    app.addContentTypeParser([...forms[form]], { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, { text: toText(body as Buffer), form } satisfies SentBody)
    })
  // A storm of events comes from few addresses, and what is not signed costs less than counting it.
  const config = { access: 'public', limit: 'none' } as const
  // Packets and refusals are counted; a line for each would let a forger fill the disk.
  const logLevel = 'warn'

  app.get<Call>(
    '/wecom/callback/:corpId',
    { config, logLevel, schema: { operationId: 'checkCallbackUrl', hide: true } },
    async (request, reply) => {
      const text = await callbacks.echo(request.params.corpId, request.query)
      return reply.type('text/plain; charset=utf-8').send(text)
    },
  )

  app.post<Call>(
    '/wecom/callback/:corpId',
    { config, logLevel, bodyLimit: bodyLimitBytes, schema: { operationId: 'receiveCallback', hide: true } },
    async (request, reply) => {
      const { params, query, body } = request
      await callbacks.receive(params.corpId, query, body ?? { text: '' })
      return reply.code(200).send()
    },
  )
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** @returns null when the bytes are no UTF-8: replaced characters could make one packet out of another */
function toText(bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
