import type { BridgeSession } from './bridge-host.ts'

/** First word of the framed page, by `postMessage`, with the port that everything else goes over. */
export interface Hello {
  t: 'wecom-sim-hello'
  version: 1
  channel: string
}

/** What the host writes into the frame's `window.name` for the script that runs first there. */
export interface BridgeSettings {
  tag: 'wecom-sim'
  ua: string
  platform: string
  inject: 'first' | 'late' | 'never'
  channel: string
  /** Origin of the host page; the greeting goes nowhere else. */
  host: string
}

type FromFrame =
  | { t: 'invoke'; id: number; name: string; params: string; url: string }
  | { t: 'on'; name: string }
  | { t: 'eventDone'; id: number; stay: boolean }

/** The part of `MessagePort` that is used, so that browsers and Node fit alike. */
export interface LinkPort {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  start(): void
  close(): void
}

export interface FrameLink {
  /** Raises an event in the page. @returns whether a listener answered `false`, which means «stay» */
  emit(name: string, data?: unknown): Promise<{ heard: boolean; stay: boolean }>
  /** Tells the page that it is in front again, as after a change of chat that keeps the page. */
  show(): void
  close(): void
}

/** Carries one document's calls to its session and back, as JSON text both ways. */
export function linkFrame(port: LinkPort, session: BridgeSession): FrameLink {
  const subscribed = new Set<string>()
  const events = new Map<number, (stay: boolean) => void>()
  let lastEvent = 0
  let open = true

  port.addEventListener('message', ({ data }) => {
    if (!open) return
    const message = data as FromFrame
    if (message.t === 'on') subscribed.add(message.name)
    else if (message.t === 'eventDone') events.get(message.id)?.(message.stay)
    else if (message.t === 'invoke') void answer(message)
  })
  port.start()

  async function answer({ id, name, params, url }: FromFrame & { t: 'invoke' }) {
    const reply = await session.invoke({ name, params: JSON.parse(params) as Record<string, unknown>, url })
    if (open && reply) port.postMessage({ t: 'reply', id, reply: JSON.stringify(reply) })
  }

  return {
    async emit(name, data = {}) {
      if (!open || !subscribed.has(name)) return { heard: false, stay: false }
      const id = ++lastEvent
      const stay = await new Promise<boolean>((resolve) => {
        events.set(id, resolve)
        port.postMessage({ t: 'event', id, name, data: JSON.stringify(data) })
      })
      events.delete(id)
      return { heard: true, stay }
    },
    show: () => open && port.postMessage({ t: 'shown' }),
    close() {
      open = false
      for (const resolve of events.values()) resolve(false)
      port.close()
    },
  }
}

/** Whether a message event's data is the greeting of the frame with this channel. */
export function isHello(data: unknown, channel: string): data is Hello {
  return (
    typeof data === 'object' &&
    data !== null &&
    (data as Hello).t === 'wecom-sim-hello' &&
    (data as Hello).channel === channel
  )
}
