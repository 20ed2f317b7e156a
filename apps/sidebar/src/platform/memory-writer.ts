import type { Target } from '@guidebar/api-client'
import type { SidebarContext } from '@guidebar/contracts'

import { sessionName, type Kept, type MemoryStore, type OpenMemory } from '../start/memory.ts'

const mostContexts = 50

/** The other half of the memory: keeping, forgetting, wiping. Nothing here ever rejects. */
export function createMemory({ store, subtle, key, nameOf, read }: OpenMemory) {
  // One at a time: a wipe must not be overtaken by a write that began earlier.
  let turn: Promise<unknown> = key
  let wiped = false
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    const done = turn.then(work).then(
      () => undefined,
      () => undefined,
    )
    turn = done
    return done
  }
  return {
    read,
    keep: (target: Target, context: SidebarContext): Promise<void> =>
      inTurn(async () => {
        const seal = await key
        if (!seal || wiped) return
        const iv = crypto.getRandomValues(new Uint8Array(12))
        const plain = new TextEncoder().encode(JSON.stringify(context))
        const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, seal, plain)
        await store.put(nameOf(target), { savedAt: Date.now(), iv, sealed } satisfies Kept)
        await trim(store)
      }),
    forget: (target: Target): Promise<void> => inTurn(() => store.remove(nameOf(target))),
    /** After a sign-out, or when the server no longer knows this session. */
    wipe: (): Promise<void> => {
      wiped = true
      return inTurn(() => store.clear())
    },
  }
}
export type Memory = ReturnType<typeof createMemory>

async function trim(store: MemoryStore): Promise<void> {
  const names = (await store.names()).filter((name) => name !== sessionName)
  if (names.length <= mostContexts) return
  const aged = await Promise.all(
    names.map(async (name) => ({ name, savedAt: ((await store.get(name)) as Kept | undefined)?.savedAt ?? 0 })),
  )
  aged.sort((a, b) => a.savedAt - b.savedAt)
  for (const { name } of aged.slice(0, names.length - mostContexts)) await store.remove(name)
}
