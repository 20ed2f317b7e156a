import type { Target } from '@guidebar/api-client'
import type { SidebarContext } from '@guidebar/contracts'

import { pack, unpack } from './pack.ts'
import { sessionName, type Kept, type MemoryStore, type OpenMemory } from '../start/memory.ts'

const mostContexts = 50
const namedPrefix = '/'

/** The other half of the memory: keeping, forgetting, wiping. Nothing here ever rejects. */
export function createMemory({ store, subtle, key, nameOf, unseal, read }: OpenMemory) {
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
  async function put(name: string, plain: Uint8Array) {
    const seal = await key
    if (!seal || wiped) return
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, seal, plain as BufferSource)
    await store.put(name, { savedAt: Date.now(), iv, sealed } satisfies Kept)
  }
  return {
    read,
    keep: (target: Target, context: SidebarContext): Promise<void> =>
      inTurn(async () => {
        await put(nameOf(target), new TextEncoder().encode(JSON.stringify(context)))
        await trim(store)
      }),
    /** What belongs to the guide and to no customer: libraries, writes that wait. */
    readNamed: <T>(name: string): Promise<T | null> =>
      unseal(namedPrefix + name)
        .then(unpack<T>)
        .catch(() => null),
    /** @param mostBytes packed; a larger value is not kept, and what was kept under its name goes */
    keepNamed: (name: string, value: unknown, mostBytes = Number.POSITIVE_INFINITY): Promise<void> =>
      inTurn(async () => {
        const packed = await pack(value)
        if (packed.byteLength > mostBytes) return store.remove(namedPrefix + name)
        return put(namedPrefix + name, packed)
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
  const names = (await store.names()).filter((name) => name !== sessionName && !name.startsWith(namedPrefix))
  if (names.length <= mostContexts) return
  const aged = await Promise.all(
    names.map(async (name) => ({ name, savedAt: ((await store.get(name)) as Kept | undefined)?.savedAt ?? 0 })),
  )
  aged.sort((a, b) => a.savedAt - b.savedAt)
  for (const { name } of aged.slice(0, names.length - mostContexts)) await store.remove(name)
}
