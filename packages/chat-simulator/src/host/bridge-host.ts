import type { JsSignatureInput, JsSignatureVerdict } from '@guidebar/wecom-emulator/control'

import { apiRules, clientKnows, entryAllows } from './api-rules.ts'
import { type BridgeReply, toOkReply, toRefusal, toWithoutContext } from './bridge-reply.ts'
import { createConfigState } from './config-state.ts'
import type { Entry, OpenConversation } from './entries.ts'
import { checkMessage, type MessageFacts, type SendableContent } from './message-rules.ts'
import { isPhone, type Preset } from './presets.ts'

/** The client as it stands when a call arrives. */
export interface ClientState {
  preset: Preset
  entry: Entry
  conversation: OpenConversation | null
  /** The app may call customer APIs and the member is configured for 客户联系. */
  customerContact: boolean
  /** Never answers. */
  silent: boolean
  /** The user closes every picker and question. */
  userCancels: boolean
  latencyMs: number
}

/** What the client does when a call has passed every check. Throwing makes the call fail. */
export interface ClientDeeds {
  /** @param to the chat that was open when the page asked, which may no longer be the one on screen */
  send(content: SendableContent, to: OpenConversation, options: { returnToChat: boolean }): Promise<void>
  openProfile(type: 'member' | 'customer', id: string): void
  /** @returns false when there is no such chat to open */
  openChat(wanted: { chatId: string; userIds: string[]; externalUserIds: string[] }): Promise<boolean>
  /** @returns the chosen external ids, or null when the user closed the picker */
  pickCustomers(): Promise<string[] | null>
  /** @returns false when the user left the page again */
  addCustomer(): Promise<boolean>
  launchMiniProgram(appId: string, path: string): void
  previewImages(urls: string[], current: string): void
  copy(text: string): Promise<void>
  openBrowser(url: string): void
  closePanel(): void
}

export interface BridgeHostDeps extends MessageFacts {
  client(): ClientState
  verifyJsSignature(input: JsSignatureInput): Promise<JsSignatureVerdict>
  deeds: ClientDeeds
  /** Every call with what came of it, for the log. */
  onCall?(call: BridgeCall): void
  wait?: (ms: number) => Promise<void>
  now?: () => number
}

export interface BridgeInvocation {
  name: string
  params: Record<string, unknown>
  /** Address of the calling page without fragment. */
  url: string
}

export interface BridgeCall extends BridgeInvocation {
  at: string
  ms: number
  /** null: the client never answered. */
  reply: BridgeReply | null
  /** The rule that decided, 1 to 9 in the order of the checks. */
  rule: number
  why: string
}

/** The calls of one loaded document. */
export interface BridgeSession {
  /** @returns null when the client stays silent */
  invoke(invocation: BridgeInvocation): Promise<BridgeReply | null>
}

type Decision = { rule: number; reply: BridgeReply | null; why?: string }

/**
 * The client's side of the bridge: checks each call in the client's order and does it.
 * A session begins with every loaded document, because a config is valid for one document only.
 */
export function createBridgeHost(deps: BridgeHostDeps): { openSession(): BridgeSession } {
  const wait = deps.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  const now = deps.now ?? (() => Date.now())

  return {
    openSession() {
      const configs = createConfigState()

      async function decide(call: BridgeInvocation, client: ClientState): Promise<Decision> {
        const { name, params, url } = call
        const { preset, entry } = client
        const refuse = (rule: number, text: string, why: string): Decision => ({
          rule,
          why,
          reply: toRefusal(name, text, preset),
        })

        if (client.silent) return { rule: 1, reply: null, why: 'the client is switched to silent' }
        if (!clientKnows(name, preset))
          return refuse(2, 'function not exist', `${preset.platform} ${preset.version} does not know ${name}`)
        if (name === 'agentConfig' || name === 'preVerifyJSAPI') return config(call, client)
        if (name === 'checkJsApi')
          return { rule: 9, reply: toOkReply(name, { checkResult: knownApis(params.jsApiList, preset) }) }

        const identity = configs.identityFor(url, name)
        if (identity === 'none') return refuse(4, 'fail_nopermission', 'no valid config of this page lists the call')
        const rule = apiRules[name]
        if (rule?.customerContact && identity !== 'app')
          return refuse(5, 'fail no permission', 'registered with corp identity only')
        if (rule?.customerContact && !client.customerContact)
          return refuse(5, 'fail no permission', 'the app or the member lacks 客户联系')
        if (!entryAllows(name, entry, preset) || !hasContext(name, client))
          return { rule: 6, reply: toWithoutContext(name, preset), why: `not allowed from entry ${entry}` }
        return carryOut(call, client)
      }

      async function config({ name, params, url }: BridgeInvocation, { preset }: ClientState): Promise<Decision> {
        const app = name === 'agentConfig'
        const apis = toNames(app ? params.jsApiList : params.verifyJsApiList)
        const verdict = await deps.verifyJsSignature({
          kind: app ? 'agentConfig' : 'config',
          url,
          corpId: toText(app ? params.corpid : params.verifyAppId),
          ...(app && { agentId: toText(params.agentid) }),
          timestamp: toText(app ? params.timestamp : params.verifyTimestamp),
          nonceStr: toText(app ? params.nonceStr : params.verifyNonceStr),
          signature: toText(app ? params.signature : params.verifySignature),
        })
        if (!verdict.ok)
          return { rule: 3, reply: toRefusal(name, `fail_${verdict.message}`, preset), why: verdict.reason }

        configs.keep(app ? 'app' : 'corp', url, apis)
        return { rule: 3, reply: toOkReply(name, { checkResult: knownApis(apis, preset) }) }
      }

      async function carryOut({ name, params }: BridgeInvocation, client: ClientState): Promise<Decision> {
        const cancelled: Decision = {
          rule: 8,
          reply: toRefusal(name, 'cancel', client.preset),
          why: 'the user closed it',
        }
        const done = (fields?: Record<string, unknown>): Decision => ({ rule: 9, reply: toOkReply(name, fields) })

        if (name === 'sendChatMessage') {
          const verdict = await checkMessage(params, client, deps)
          if (!verdict.ok) return { rule: 7, reply: toRefusal(name, verdict.refusal, client.preset), why: verdict.why }
          if (client.userCancels) return cancelled
          await deps.deeds.send(verdict.content, client.conversation ?? { kind: 'internal' }, {
            returnToChat: params.enterChat === true && isPhone(client.preset),
          })
          return done()
        }
        if (apiRules[name]?.cancellable && client.userCancels) return cancelled

        switch (name) {
          case 'getContext':
            return done({ entry: client.entry })
          case 'getCurExternalContact':
            return done(client.conversation?.kind === 'customer' ? { userId: client.conversation.externalUserId } : {})
          case 'getCurExternalChat':
            return done(client.conversation?.kind === 'group' ? { chatId: client.conversation.chatId } : {})
          case 'openUserProfile':
            deps.deeds.openProfile(Number(params.type) === 1 ? 'member' : 'customer', toText(params.userid))
            return done()
          case 'openEnterpriseChat': {
            const chatId = toText(params.chatId)
            const opened = await deps.deeds.openChat({
              chatId,
              userIds: toIds(params.userIds ?? params.useridlist),
              externalUserIds: toIds(params.externalUserIds),
            })
            return opened
              ? done({ chatId })
              : {
                  rule: 9,
                  reply: toRefusal(name, 'fail_invalid param', client.preset),
                  why: 'no such chat in this client',
                }
          }
          case 'selectExternalContact': {
            const userIds = await deps.deeds.pickCustomers()
            return userIds ? done({ userIds }) : cancelled
          }
          case 'navigateToAddCustomer':
            return (await deps.deeds.addCustomer()) ? done() : cancelled
          case 'launchMiniprogram':
            deps.deeds.launchMiniProgram(toText(params.appid), toText(params.path))
            return done()
          case 'imagePreview':
            deps.deeds.previewImages(toNames(params.urls), toText(params.current))
            return done()
          case 'setClipboardData':
            await deps.deeds.copy(toText(params.data))
            return done()
          case 'openDefaultBrowser':
            deps.deeds.openBrowser(toText(params.url))
            return done()
          case 'closeWindow':
            deps.deeds.closePanel()
            return done()
          default:
            return done()
        }
      }

      return {
        async invoke(invocation) {
          const started = now()
          const client = deps.client()
          if (client.latencyMs > 0) await wait(client.latencyMs)

          let decision: Decision
          try {
            decision = await decide(invocation, client)
          } catch (error) {
            const why = error instanceof Error ? error.message : String(error)
            decision = { rule: 9, reply: toRefusal(invocation.name, 'fail_system error', client.preset), why }
          }
          deps.onCall?.({
            ...invocation,
            at: new Date(started).toISOString(),
            ms: now() - started,
            reply: decision.reply,
            rule: decision.rule,
            why: decision.why ?? '',
          })
          return decision.reply
        },
      }
    },
  }
}

/** The entry says single chat, but the window shows something else: there is no customer to give away. */
function hasContext(name: string, { entry, conversation }: ClientState): boolean {
  if (name === 'getCurExternalContact') return conversation?.kind === 'customer'
  if (name === 'getCurExternalChat') return conversation?.kind === 'group'
  if (name !== 'sendChatMessage') return true
  if (entry === 'chat_attachment') return conversation !== null
  return conversation?.kind === (entry === 'group_chat_tools' ? 'group' : 'customer')
}

function knownApis(list: unknown, preset: Preset): Record<string, boolean> {
  return Object.fromEntries(toNames(list).map((name) => [name, clientKnows(name, preset)]))
}

function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function toNames(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** Ids arrive joined by semicolons. */
function toIds(value: unknown): string[] {
  return toText(value).split(';').filter(Boolean)
}
