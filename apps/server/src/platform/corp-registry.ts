import type { WecomConfig } from './config.ts'
import type { Corp, Corps } from './deps.ts'

/** How long calls that are under way may go on with settings that were replaced. */
const graceMs = 60_000

export type CorpRegistry = Corps & {
  /** From now on this corp is served with these settings; null = none is. Equal settings change nothing. */
  apply(wecom: WecomConfig | null): void
  close(): Promise<void>
}

/**
 * The corp of this installation, whose settings may change while the server runs. Whoever holds the corp goes on
 * with it: its client and its callback keys are replaced inside.
 * @param create makes a corp; `before` is the same corp with its former settings
 */
export function createCorpRegistry(create: (wecom: WecomConfig, before: Corp | null) => Corp): CorpRegistry {
  const leaving = new Map<Corp['wecom'], NodeJS.Timeout>()
  let current: Corp | null = null
  let applied = ''

  function dismiss(client: Corp['wecom']): void {
    const timer = setTimeout(() => {
      leaving.delete(client)
      void client.close()
    }, graceMs)
    timer.unref()
    leaving.set(client, timer)
  }

  return {
    get: (corpId) => (current?.corpId === corpId ? current : undefined),
    get default() {
      return current
    },
    all: () => (current ? [current] : []),

    apply(wecom) {
      const wanted = JSON.stringify(wecom)
      if (wanted === applied) return
      applied = wanted
      if (current) dismiss(current.wecom)
      const before = current && current.corpId === wecom?.corpId ? current : null
      const made = wecom && create(wecom, before)
      current = before && made ? Object.assign(before, made) : made
    },

    async close() {
      for (const timer of leaving.values()) clearTimeout(timer)
      await Promise.all([...leaving.keys(), ...(current ? [current.wecom] : [])].map((client) => client.close()))
      leaving.clear()
    },
  }
}
