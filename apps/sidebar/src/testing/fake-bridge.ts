type Reply = Record<string, unknown> | 'silent'
export type BridgeCall = { name: string; params: Record<string, unknown> }
type Answers = Partial<Record<string, Reply | ((params: Record<string, unknown>) => Reply)>>

export const wecomUserAgent =
  'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.5304.110 Safari/537.36 Language/zh ColorScheme/Light wxwork/5.0.11 (MicroMessenger/6.2) WindowsWechat'

/** A client's bridge: answers as told, each time with a fresh reply, and remembers what it was asked. */
export function createFakeBridge(answers: Answers = {}) {
  const calls: BridgeCall[] = []
  const usual: Answers = {
    agentConfig: { err_msg: 'agentConfig:ok', checkResult: {} },
    getContext: { err_msg: 'getContext:ok', entry: 'single_chat_tools' },
    getCurExternalContact: { err_msg: 'getCurExternalContact:ok', userId: 'wm-wang' },
    getCurExternalChat: { err_msg: 'getCurExternalChat:fail_without context' },
    sendChatMessage: { err_msg: 'sendChatMessage:ok' },
  }
  const told: Answers = { ...usual, ...answers }
  return {
    calls,
    names: () => calls.map((call) => call.name),
    answer: (name: string, reply: Answers[string]) => {
      told[name] = reply
    },
    bridge: {
      invoke(name: string, params: Record<string, unknown>, answer: (reply: unknown) => void) {
        calls.push({ name, params: { ...params } })
        const known = told[name] ?? { err_msg: `${name}:function not exist` }
        const reply = typeof known === 'function' ? known(params) : known
        if (reply !== 'silent') setTimeout(() => answer({ ...reply }))
      },
      on: () => undefined,
    },
  }
}

/** Takes the place of the browser's user agent; the SDK reads it when it is loaded. */
export function useUserAgent(userAgent: string): void {
  Object.defineProperty(navigator, 'userAgent', { value: userAgent, configurable: true })
}
