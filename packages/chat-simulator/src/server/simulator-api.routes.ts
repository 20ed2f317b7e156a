import type { EmulatorControlError, JsSignatureInput } from '@guidebar/wecom-emulator/control'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

import type { AddCustomerInput, AppendMessage, BuyInput, MessageContent } from '../api-contract.ts'
import type { SendableContent } from '../host/message-rules.ts'
import { type Conversation, type ConversationStore, parseConversationId } from './conversation.store.ts'
import { type EmulatorControl, readClientView } from './corp-view.ts'
import type { createShopService } from './shop.service.ts'

export interface SimulatorApiOptions {
  emulator: EmulatorControl
  emulatorUrl: string
  conversations: ConversationStore
  shop: ReturnType<typeof createShopService>
  shopConnected: boolean
  /** Customers whose chats stand on top. */
  firstCustomers: readonly string[]
  /** Names that customers see above cards, by appid. */
  programNames: ReadonlyMap<string, string>
  /** Cookies of the product that the client forgets when another account signs in. */
  clientCookies: readonly string[]
}

/** The cookie by which WeCom's pretend sign-in pages know who holds the client. */
const clientUserCookie = 'wecom_client_user'

const text = { type: 'string', minLength: 1, maxLength: 4096 } as const
const id = { type: 'string', minLength: 1, maxLength: 200 } as const
const textOrNumber = { anyOf: [{ type: 'string' }, { type: 'number' }] } as const
const body = (properties: Record<string, object>, optional: string[] = []) => ({
  schema: {
    body: {
      type: 'object',
      properties,
      required: Object.keys(properties).filter((name) => !optional.includes(name)),
      additionalProperties: false,
    },
  },
})

/** What the simulator's page asks of its server part. */
export const simulatorApiRoutes: FastifyPluginAsync<SimulatorApiOptions> = async (app, options) => {
  const { emulator, conversations, shop, programNames } = options

  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const refused = error.name === 'EmulatorControlError' ? (error as EmulatorControlError).status : error.statusCode
    return reply.code(refused ?? 502).send({ error: { message: error.message } })
  })
  app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))

  app.get<{ Querystring: { text?: string } }>('/view', async (request) =>
    readClientView(emulator, signedInUser(request), {
      text: request.query.text ?? '',
      shopConnected: options.shopConnected,
      first: options.firstCustomers,
    }),
  )

  app.post<{ Body: { userId: string } }>('/sign-in', body({ userId: id }), async (request, reply) => {
    const { userId } = request.body
    const members = await emulator.members()
    if (!members.some((member) => member.userId === userId)) return notFound(reply, 'There is no such member')

    reply.header('set-cookie', [
      `${clientUserCookie}=${encodeURIComponent(userId)}; Path=/; HttpOnly; SameSite=Lax`,
      // The client clears its cookies with the account; the browser's other tabs are none of its business.
      ...(signedInUser(request) === userId
        ? []
        : options.clientCookies.map((name) => `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`)),
    ])
    return reply.code(204).send()
  })

  app.get<{ Params: { id: string } }>('/conversations/:id/messages', async (request, reply) => {
    const conversation = ownConversation(request)
    if (!conversation) return notFound(reply, 'There is no such conversation for this guide')
    return conversations.list(conversation, await greetingFacts(conversation))
  })

  app.post<{ Params: { id: string }; Body: AppendMessage }>(
    '/conversations/:id/messages',
    body({ clientId: id, from: { enum: ['guide', 'customer'] }, content: { type: 'object' } }),
    async (request, reply) => {
      const conversation = ownConversation(request)
      if (!conversation) return notFound(reply, 'There is no such conversation for this guide')
      const known = conversations.findByClientId(conversation.id, request.body.clientId)
      if (known) return known

      const content = await toMessageContent(request.body.content)
      if (!content) return reply.code(400).send({ error: { message: 'This content cannot be shown' } })
      // The greeting lines belong before the first message.
      conversations.list(conversation, await greetingFacts(conversation))
      const relation =
        conversation.kind === 'customer' ? await emulator.relation(conversation.userId, conversation.partnerId) : null
      return conversations.append(conversation.id, {
        ...request.body,
        content,
        senderName: await senderName(conversation, request.body.from),
        delivered: conversation.kind !== 'customer' || relation?.status === 'both',
      })
    },
  )

  app.post<{ Body: JsSignatureInput }>(
    '/js-signature',
    body(
      {
        url: text,
        timestamp: textOrNumber,
        nonceStr: { type: 'string' },
        signature: { type: 'string' },
        corpId: { type: 'string' },
        agentId: textOrNumber,
        kind: { enum: ['config', 'agentConfig'] },
      },
      ['agentId'],
    ),
    async (request) => emulator.verifyJsSignature(request.body),
  )
  app.get<{ Querystring: { id: string } }>('/media-facts', async (request) => {
    const media = await emulator.findMedia(request.query.id)
    return media ? { type: media.type, expired: media.expired } : { type: null }
  })
  app.get('/mini-programs', async () => emulator.linkedMiniPrograms())

  // The picture itself comes through here, so that the page talks to one origin only.
  app.get<{ Params: { mediaId: string } }>('/media/:mediaId', async (request, reply) => {
    const media = await emulator.findMedia(request.params.mediaId)
    const file = media && (await fetch(new URL(media.url, options.emulatorUrl)))
    if (!media || !file?.ok) return notFound(reply, 'There is no such file')
    const shown = media.contentType.startsWith('image/') || media.contentType.startsWith('video/')
    return reply
      .type(shown ? media.contentType : 'application/octet-stream')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .send(Buffer.from(await file.arrayBuffer()))
  })

  app.post<{ Body: { messageId: string } }>('/shop/open', body({ messageId: id }), async (request, reply) => {
    const card = findCard(request.body.messageId)
    return card ? shop.open(card) : notFound(reply, 'There is no such card')
  })
  app.post<{ Body: BuyInput }>(
    '/shop/buy',
    body({
      messageId: id,
      orderNo: { type: 'string', minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' },
      amountFen: { type: 'integer', minimum: 1, maximum: 10_000_000_000 },
    }),
    async (request, reply) => {
      const card = findCard(request.body.messageId)
      return card ? shop.buy(card, request.body) : notFound(reply, 'There is no such card')
    },
  )

  app.post<{ Body: AddCustomerInput }>(
    '/customers',
    body({ name: { type: 'string', minLength: 1, maxLength: 30 }, state: { type: 'string', maxLength: 30 } }),
    async (request, reply) => {
      const userId = signedInUser(request)
      if (!userId) return notFound(reply, 'Nobody is signed in')
      const { name, state } = request.body
      // 1 is «scanned a QR code»; with a state it was a code made through the API.
      return emulator.act('addCustomer', { userId, customer: { name }, addWay: 1, ...(state && { state }) })
    },
  )
  app.post<{ Params: { externalUserId: string }; Body: { remark: string } }>(
    '/customers/:externalUserId/remark',
    body({ remark: { type: 'string', maxLength: 20 } }),
    async (request, reply) => {
      const userId = signedInUser(request)
      if (!userId) return notFound(reply, 'Nobody is signed in')
      await emulator.act('editRelation', {
        userId,
        externalUserId: request.params.externalUserId,
        remark: request.body.remark,
      })
      return reply.code(204).send()
    },
  )
  app.post<{ Params: { externalUserId: string } }>(
    '/customers/:externalUserId/delete-guide',
    async (request, reply) => {
      const userId = signedInUser(request)
      if (!userId) return notFound(reply, 'Nobody is signed in')
      await emulator.act('customerDeletesGuide', { userId, externalUserId: request.params.externalUserId })
      return reply.code(204).send()
    },
  )

  /** Only chats of the account that holds the client. */
  function ownConversation(request: FastifyRequest<{ Params: { id: string } }>): Conversation | null {
    const conversation = parseConversationId(request.params.id)
    return conversation && conversation.userId === signedInUser(request) ? conversation : null
  }

  async function greetingFacts({ kind, userId, partnerId }: Conversation) {
    if (kind !== 'customer') return undefined
    const [customer, relation] = await Promise.all([emulator.customer(partnerId), emulator.relation(userId, partnerId)])
    return relation ? { name: customer.name, addedAt: relation.addedAt } : undefined
  }

  async function senderName({ kind, userId, partnerId }: Conversation, from: 'guide' | 'customer'): Promise<string> {
    if (from === 'guide') return (await emulator.members()).find((member) => member.userId === userId)?.name ?? userId
    return kind === 'customer' ? (await emulator.customer(partnerId)).name : ''
  }

  async function toMessageContent(content: SendableContent): Promise<MessageContent | null> {
    switch (content.type) {
      case 'text':
      case 'link':
        return content
      case 'card':
        return { ...content, programName: programNames.get(content.appId) ?? '品牌商城' }
      case 'image':
      case 'video':
      case 'file': {
        const media = await emulator.findMedia(content.mediaId)
        if (!media) return null
        const url = `/__sim/api/media/${encodeURIComponent(content.mediaId)}`
        return { type: content.type, mediaId: content.mediaId, fileName: media.filename, bytes: media.bytes, url }
      }
      default:
        return null
    }
  }

  function findCard(messageId: string) {
    const message = conversations.find(messageId)
    return message?.content.type === 'card' ? { ...message, content: message.content } : null
  }
}

/** Name of the session that a browser would show; never used as a secret. */
export function signedInUser(request: { headers: { cookie?: string } }): string | null {
  const pair = request.headers.cookie?.split(/;\s*/).find((cookie) => cookie.startsWith(`${clientUserCookie}=`))
  return pair ? decodeURIComponent(pair.slice(clientUserCookie.length + 1)) : null
}

function notFound(reply: FastifyReply, message: string) {
  return reply.code(404).send({ error: { message } })
}
