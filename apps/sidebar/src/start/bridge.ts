import { withTimer } from '../host/with-timer.ts'

/** What the client puts into the page. */
export type Bridge = {
  invoke: (name: string, params: Record<string, unknown>, answer: (reply: unknown) => void) => void
}
declare global {
  interface Window {
    WeixinJSBridge?: Bridge
  }
}

/** Some clients put the bridge in only after the first scripts ran, and say so with an event. */
export function waitForBridge(timeoutMs: number): Promise<Bridge> {
  const ready = new Promise<Bridge>((resolve) => {
    const look = () => {
      if (window.WeixinJSBridge) resolve(window.WeixinJSBridge)
    }
    look()
    document.addEventListener('WeixinJSBridgeReady', look)
  })
  return withTimer(ready, timeoutMs, 'WeixinJSBridge')
}

/** One call over the bridge; rejects with the client's reply when that is a refusal, as the SDK would. */
export function callBridge<T>(
  bridge: Bridge,
  name: string,
  params: Record<string, unknown>,
  timeoutMs: number,
): Promise<T> {
  const answer = new Promise<T>((resolve, reject) => {
    // oxlint-disable-next-line prefer-promise-reject-errors
    bridge.invoke(name, params, (reply) => (isGranted(reply) ? resolve(reply as T) : reject(reply)))
  })
  return withTimer(answer, timeoutMs, name)
}

function isGranted(reply: unknown): boolean {
  const { errMsg, err_msg, errmsg } = (reply || {}) as { errMsg?: string; err_msg?: string; errmsg?: string }
  const words = errMsg || err_msg || errmsg
  return !words || /^(ok|yes|confirm)$/i.test(words.slice(words.indexOf(':') + 1))
}
