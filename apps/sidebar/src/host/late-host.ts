import type { Client } from './client.ts'
import { toHostError } from './host-error.ts'
import type { SendResult, WecomCalls } from './wecom-host.ts'

/** The chat window this panel stands in. */
export type WecomHost = WecomCalls & {
  /** Tells when the guide may have gone to another chat while this page was kept. @returns stops telling */
  onMaybeSwitched: (tell: () => void) => () => void
  /** Tells that a send was refused because the chat is with somebody else now, whatever is on screen by then. */
  onTargetChanged: (tell: () => void) => () => void
}
type Options = { client: Pick<Client, 'isWecom'>; load: () => Promise<WecomCalls> }

const chatOpensMs = 400

/** The first view is opened by the start script: what calls the client later is fetched when it is first needed. */
export function createLateHost({ client, load }: Options): WecomHost {
  let opened: Promise<WecomCalls> | undefined
  let lookAgain = () => {}
  let targetChanged = () => {}
  async function open(): Promise<WecomCalls> {
    opened ??= load()
    opened.catch(() => (opened = undefined))
    return opened
  }
  return {
    prepare: () =>
      open()
        .then((calls) => calls.prepare())
        .catch(() => undefined),
    currentChat: async () => (await open()).currentChat(),
    async send(message, expected) {
      const result = await open().then(
        (calls) => calls.send(message, expected),
        (reason: unknown): SendResult => ({ status: 'failed', error: toHostError(reason) }),
      )
      if (result.status === 'failed' && result.error.code === 'TARGET_CHANGED') targetChanged()
      return result
    },
    async openChat(externalUserId) {
      const refused = await open().then((calls) => calls.openChat(externalUserId), toHostError)
      // The client answers before the other chat is there, and may tell no window about it.
      if (!refused) setTimeout(() => lookAgain(), chatOpensMs)
      return refused
    },
    onMaybeSwitched(tell) {
      if (!client.isWecom) return () => undefined
      let timer: ReturnType<typeof setTimeout> | undefined
      const look = () => {
        if (document.visibilityState === 'hidden') return
        clearTimeout(timer)
        timer = setTimeout(tell, 50)
      }
      lookAgain = look
      document.addEventListener('visibilitychange', look)
      window.addEventListener('pageshow', look)
      window.addEventListener('focus', look)
      return () => {
        clearTimeout(timer)
        document.removeEventListener('visibilitychange', look)
        window.removeEventListener('pageshow', look)
        window.removeEventListener('focus', look)
      }
    },
    onTargetChanged(tell) {
      targetChanged = tell
      return () => (targetChanged = () => {})
    },
  }
}
