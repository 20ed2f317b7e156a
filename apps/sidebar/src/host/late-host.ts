import type { Client } from './client.ts'
import { toHostError } from './host-error.ts'
import type { SendResult, WecomCalls } from './wecom-host.ts'

/** The chat window this panel stands in. */
export type WecomHost = WecomCalls & {
  /** Tells when the guide may have gone to another chat while this page was kept. @returns stops telling */
  onMaybeSwitched: (tell: () => void) => () => void
}
type Options = { client: Pick<Client, 'isWecom'>; load: () => Promise<WecomCalls> }

/** The first view is opened by the start script: what calls the client later is fetched when it is first needed. */
export function createLateHost({ client, load }: Options): WecomHost {
  let opened: Promise<WecomCalls> | undefined
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
    send: (message, expected) =>
      open().then(
        (calls) => calls.send(message, expected),
        (reason: unknown): SendResult => ({ status: 'failed', error: toHostError(reason) }),
      ),
    openChat: (externalUserId) => open().then((calls) => calls.openChat(externalUserId), toHostError),
    onMaybeSwitched(tell) {
      if (!client.isWecom) return () => undefined
      let timer: ReturnType<typeof setTimeout> | undefined
      const look = () => {
        if (document.visibilityState === 'hidden') return
        clearTimeout(timer)
        timer = setTimeout(tell, 50)
      }
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
  }
}
