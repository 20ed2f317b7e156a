import type { Dispatcher } from 'undici'
import { createCaller, type CallHooks, type CallOptions } from './caller.ts'
import { systemClock, type WecomClock } from './clock.ts'
import { endpoints, type EndpointName } from './endpoints.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { createLimiter, type CallLimiter } from './limits/limiter.ts'
import { createRefusalLatch } from './limits/refusal-latch.ts'
import { createMemoryStates, type SharedStates } from './limits/shared-states.ts'
import { wecomOrigins } from './links.ts'
import * as map from './mapping.ts'
import type * as model from './model.ts'
import { createTokenSource, type TokenSource } from './token-source.ts'
import type { TokenStore } from './token-store.ts'
import { createTransport } from './transport.ts'
import type { ExternalContactGetAnswer, MediaType } from './wire/index.ts'

export interface WecomClientOptions {
  corpId: string
  agentId: number
  /** Secret of the self-built app; also serves customer contact once the app may call it. */
  secret: string
  tokenStore: TokenStore
  /** Origin of the API; WeCom's own by default. */
  baseUrl?: string
  clock?: WecomClock
  /** An undici 7 dispatcher in place of our bounded agent; its owner closes it. */
  dispatcher?: Dispatcher
  hooks?: CallHooks
  /** What processes share beside tokens; in memory by default. */
  states?: SharedStates
  /** By default one of its own on `states`, with what WeCom publishes. */
  limiter?: CallLimiter
  /** Options of calls that were made without; asked anew for each call. */
  callDefaults?: () => CallOptions
  /** 0 ≤ n < 1; for tests. */
  random?: () => number
}

/** Tickets are scarce (100 an hour for an app): each is used for at least 110 of its 120 minutes. */
const TICKET_REFRESH_SHARE = { least: 0.05, spread: 0.03 }

/** No customer has a hundred thousand guides: beyond this the cursor goes in circles. */
const MAX_PAGES = 200

/**
 * A client for one app of one corp: one method an endpoint, grouped as WeCom's paths are. Arguments and results are in
 * our spelling; the last argument of every method is `CallOptions`.
 *
 * Every method throws `WecomError` when WeCom refuses (the call had no effect) and `WecomUnavailable` when there is no
 * usable answer (with `outcome: 'unknown'` it may have had one).
 */
export function createWecomClient(options: WecomClientOptions) {
  const { corpId, agentId, secret, tokenStore: store, baseUrl = wecomOrigins.api, dispatcher } = options
  const { clock = systemClock, hooks, random, callDefaults, states = createMemoryStates({ clock }) } = options
  const { limiter = createLimiter({ corpId, states, clock, random }) } = options
  const transport = createTransport({ baseUrl, dispatcher })
  const caller = createCaller({ transport, clock, limiter, hooks, defaults: callDefaults, random })

  const keyOf = (kind: string) => `${kind}:${corpId}:${agentId}`

  const tokenKey = keyOf('access-token')
  const tokenLatch = createRefusalLatch({ states, name: tokenKey, secret })
  const tokens = createTokenSource({
    store,
    key: tokenKey,
    latch: tokenLatch,
    clock,
    random,
    fetchToken: async () => {
      const answer = await caller.call('getToken', null, { query: { corpid: corpId, corpsecret: secret } })
      return { value: answer.access_token, expiresInSec: answer.expires_in }
    },
  })

  function ticketSource(name: 'tickets.corp' | 'tickets.agent', query = {}): TokenSource {
    const key = keyOf(name)
    const ignores = ({ path }: WecomError) => path === endpoints.getToken.path
    return createTokenSource({
      store,
      key,
      latch: createRefusalLatch({ states, name: key, secret, ignores }),
      refreshShare: TICKET_REFRESH_SHARE,
      clock,
      random,
      fetchToken: async () => {
        const answer = await caller.call(name, tokens, { query })
        return { value: answer.ticket, expiresInSec: answer.expires_in }
      },
    })
  }
  const corpTickets = ticketSource('tickets.corp')
  const agentTickets = ticketSource('tickets.agent', { type: 'agent_config' })

  const get = <N extends EndpointName>(name: N, query: Record<string, string | number | undefined>, o?: CallOptions) =>
    caller.call(name, tokens, { query }, o)
  const post = <N extends EndpointName>(name: N, json: unknown, o?: CallOptions) =>
    caller.call(name, tokens, { json }, o)

  return {
    /** Sign-in. */
    auth: {
      /**
       * Tells who a sign-in code stands for.
       * @throws WecomError 40029 or 42003, 42022: used once already, or older than 5 minutes
       * @see https://developer.work.weixin.qq.com/document/path/91023
       */
      getUserInfo: async (code: string, o?: CallOptions): Promise<model.SignedInUser> =>
        map.toSignedInUser(await get('auth.getUserInfo', { code }, o)),
    },

    /** Tickets for signing pages (`jsSignature`): kept and shared like the token. They must not reach the browser. */
    tickets: {
      /** For `wx.config`. @see https://developer.work.weixin.qq.com/document/path/90506 */
      corp: () => corpTickets.get(),
      /** For `wx.agentConfig`. @see https://developer.work.weixin.qq.com/document/path/90506 */
      agent: () => agentTickets.get(),
    },

    user: {
      /**
       * @throws WecomError 60111 no such member (left, deleted or out of range), 60011 out of range
       * @see https://developer.work.weixin.qq.com/document/path/90196
       */
      get: async (userId: string, o?: CallOptions): Promise<model.Member> =>
        map.toMember(await get('user.get', { userid: userId }, o)),
      /**
       * Members of this department, not of those below it.
       * @throws WecomError 60123 or 60003 no such department, 45029 too large
       * @see https://developer.work.weixin.qq.com/document/path/90201
       */
      list: async (departmentId: number, o?: CallOptions): Promise<model.Member[]> =>
        (await get('user.list', { department_id: departmentId }, o)).userlist.map(map.toMember),
      /** @see https://developer.work.weixin.qq.com/document/path/90200 */
      simpleList: async (departmentId: number, o?: CallOptions): Promise<model.MemberSummary[]> =>
        (await get('user.simpleList', { department_id: departmentId }, o)).userlist.map(map.toMemberSummary),
    },

    department: {
      /**
       * This department (or the root) and all below it, as far as the app may see. Slow for large corps.
       * @see https://developer.work.weixin.qq.com/document/path/90208
       */
      list: async (departmentId?: number, o?: CallOptions): Promise<model.Department[]> =>
        (await get('department.list', { id: departmentId }, o)).department.map(map.toDepartment),
      /** @see https://developer.work.weixin.qq.com/document/path/95350 */
      simpleList: async (departmentId?: number, o?: CallOptions): Promise<model.DepartmentNode[]> =>
        (await get('department.simpleList', { id: departmentId }, o)).department_id.map(map.toDepartmentNode),
    },

    agent: {
      /**
       * Our own app: visible range, trusted domain.
       * @throws WecomError 301002, 40056 the secret belongs to another app
       * @see https://developer.work.weixin.qq.com/document/path/90227
       */
      get: async (o?: CallOptions): Promise<model.AgentInfo> =>
        map.toAgentInfo(await get('agent.get', { agentid: agentId }, o)),
    },

    callbacks: {
      /** Where callbacks come from: addresses, ranges with `*`, CIDR. @see https://developer.work.weixin.qq.com/document/path/90930 */
      getIps: async (o?: CallOptions): Promise<string[]> => (await get('callbacks.getIps', {}, o)).ip_list,
    },

    message: {
      /**
       * Sends a notice to guides. Beyond 30 a minute and 1000 an hour for one member WeCom drops it in silence.
       * @throws WecomError 81013 nobody can receive it
       * @see https://developer.work.weixin.qq.com/document/path/90236
       */
      send: async (send: model.SendMessage, o?: CallOptions): Promise<model.SentMessage> =>
        map.toSentMessage(await post('message.send', map.toMessageRequest(send, agentId), o)),
    },

    media: {
      /**
       * Lends a file to WeCom for three days. Image: JPG or PNG up to 5 MB; voice 2 MB; video 10 MB; file 20 MB.
       * @throws WecomError 40004 to 40011, 45001: kind or size
       * @see https://developer.work.weixin.qq.com/document/path/90253
       */
      async upload(
        file: { type: MediaType; filename: string; bytes: Uint8Array; contentType: string },
        o?: CallOptions,
      ): Promise<model.UploadedMedia> {
        const upload = await toMultipart(file)
        return map.toUploadedMedia(await caller.call('media.upload', tokens, { query: { type: file.type }, upload }, o))
      },
    },

    externalContact: {
      /** Guides with the customer-contact function. @see https://developer.work.weixin.qq.com/document/path/92571 */
      getFollowUserList: async (o?: CallOptions): Promise<string[]> =>
        (await get('externalContact.getFollowUserList', {}, o)).follow_user,

      /**
       * Ids of a guide's customers; none is an empty list.
       * @see https://developer.work.weixin.qq.com/document/path/92113
       */
      async list(userId: string, o?: CallOptions): Promise<string[]> {
        try {
          return (await get('externalContact.list', { userid: userId }, o)).external_userid
        } catch (error) {
          // WeCom says «no such relation» for a guide without any customer.
          if (error instanceof WecomError && error.errcode === 84061) return []
          throw error
        }
      },

      /**
       * A customer and all guides in range who follow; reads every page (500 guides each).
       * @throws WecomError 84061 nobody follows, 40096 not our customer
       * @see https://developer.work.weixin.qq.com/document/path/92114
       */
      async get(externalUserId: string, o?: CallOptions): Promise<model.CustomerDetail> {
        const pages: ExternalContactGetAnswer[] = []
        let cursor: string | undefined
        do {
          if (pages.length === MAX_PAGES) {
            throw new WecomUnavailable({
              reason: 'shape',
              outcome: 'unknown',
              path: 'externalcontact/get',
              detail: 'cursor',
            })
          }
          const page = await get('externalContact.get', { external_userid: externalUserId, cursor }, o)
          pages.push(page)
          cursor = page.next_cursor
        } while (cursor)
        return {
          customer: map.toCustomer(pages[0]!.external_contact),
          relations: pages.flatMap((page) => page.follow_user.map(map.toRelationDetail)),
        }
      },

      /**
       * One page of relations of up to 100 guides, one row for each guide and customer.
       * @param query `limit` at most 100; `cursor` only with the same guides
       * @throws WecomError 50100 start the paging again, 701008 no guide has a licence
       * @see https://developer.work.weixin.qq.com/document/path/92994
       */
      batchGetByUser: async (
        query: { userIds: string[]; cursor?: string | null; limit?: number },
        o?: CallOptions,
      ): Promise<model.RelationPage> => {
        const json = { userid_list: query.userIds, cursor: query.cursor ?? '', limit: query.limit ?? 100 }
        return map.toRelationPage(await post('externalContact.batchGetByUser', json, o))
      },

      /**
       * Changes what one guide noted about one customer; at least one field.
       * @throws WecomError 84061 the guide does not follow this customer
       * @see https://developer.work.weixin.qq.com/document/path/92115
       */
      remark: async (edit: model.EditRemark, o?: CallOptions): Promise<void> => {
        await post('externalContact.remark', map.toRemarkRequest(edit), o)
      },

      /**
       * The tag library, or the groups around these tags or group ids (then with deleted ones).
       * @param filter when both are given WeCom ignores `tagIds`
       * @see https://developer.work.weixin.qq.com/document/path/92117
       */
      getCorpTagList: async (
        filter: { tagIds?: string[]; groupIds?: string[] } = {},
        o?: CallOptions,
      ): Promise<model.TagGroup[]> => {
        const json = { tag_id: filter.tagIds, group_id: filter.groupIds }
        return (await post('externalContact.getCorpTagList', json, o)).tag_group.map(map.toTagGroup)
      },

      /**
       * Makes tags in a group by id, or in the group of that name, which is made if need be. Names up to 30 characters.
       * @returns the group; which of its tags are listed beside the new ones is not documented
       * @throws WecomError 40071 the name exists, 40126 too many tags
       * @see https://developer.work.weixin.qq.com/document/path/92117
       */
      addCorpTag: async (
        add: { groupId?: string; groupName?: string; groupOrder?: number; tags: { name: string; order?: number }[] },
        o?: CallOptions,
      ): Promise<model.TagGroup> => {
        const json = { group_id: add.groupId, group_name: add.groupName, order: add.groupOrder, tag: add.tags }
        return map.toTagGroup((await post('externalContact.addCorpTag', json, o)).tag_group)
      },

      /**
       * Renames or re-orders a tag or a group that this app made.
       * @throws WecomError 40068 unknown, 40071 the name exists
       * @see https://developer.work.weixin.qq.com/document/path/92117
       */
      editCorpTag: async (edit: { id: string; name?: string; order?: number }, o?: CallOptions): Promise<void> => {
        await post('externalContact.editCorpTag', { id: edit.id, name: edit.name, order: edit.order }, o)
      },

      /**
       * Deletes tags and groups that this app made; a group without tags vanishes.
       * @throws WecomError 40068 unknown
       * @see https://developer.work.weixin.qq.com/document/path/92117
       */
      delCorpTag: async (remove: { tagIds?: string[]; groupIds?: string[] }, o?: CallOptions): Promise<void> => {
        await post('externalContact.delCorpTag', { tag_id: remove.tagIds, group_id: remove.groupIds }, o)
      },

      /**
       * Puts tags on, and takes tags off, one relation.
       * @param change tag ids, not names; at least one list non-empty
       * @throws WecomError 40068 unknown tag, 84061 the guide does not follow this customer, 45035 at the same time
       * @see https://developer.work.weixin.qq.com/document/path/92118
       */
      markTag: async (
        change: { userId: string; externalUserId: string; add?: string[]; remove?: string[] },
        o?: CallOptions,
      ): Promise<void> => {
        const { userId, externalUserId, add = [], remove = [] } = change
        const json = { userid: userId, external_userid: externalUserId, add_tag: add, remove_tag: remove }
        await post('externalContact.markTag', json, o)
      },
    },

    groupChat: {
      /**
       * A customer group with its members, without their names.
       * @throws WecomError 90501 no such group, 49008 its owner is out of our sight
       * @see https://developer.work.weixin.qq.com/document/path/92122
       */
      get: async (chatId: string, o?: CallOptions): Promise<model.GroupChat> =>
        map.toGroupChat((await post('groupChat.get', { chat_id: chatId, need_name: 0 }, o)).group_chat),
    },

    /**
     * Any other endpoint, for diagnosis: the answer as it came, in WeCom's spelling. Nothing but errcode is checked.
     * @param request `path` below `/cgi-bin/`
     */
    raw: (
      request: { method: 'GET' | 'POST'; path: string; query?: Record<string, string | number>; json?: unknown },
      o?: CallOptions,
    ): Promise<Record<string, unknown>> => caller.raw(request, tokens, o),

    /** Why no token can be had: a refusal that stands for all processes with this secret. */
    tokenFault: tokenLatch.fault,

    /** The circuit breakers that have seen calls, one for each family of endpoints. */
    breakers: caller.breakers,

    /** Ends the connections. */
    close: () => transport.close(),
  }
}

export type WecomClient = ReturnType<typeof createWecomClient>

async function toMultipart(file: { filename: string; bytes: Uint8Array; contentType: string }) {
  const form = new FormData()
  form.append('media', new Blob([Uint8Array.from(file.bytes)], { type: file.contentType }), file.filename)
  const encoded = new Response(form)
  return {
    bytes: Buffer.from(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
  }
}
