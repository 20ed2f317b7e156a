import type { Target } from '@guidebar/api-client'
import type { SidebarContext } from '@guidebar/contracts'

/** Where the memory is kept; IndexedDB in life. */
export type MemoryStore = {
  get: (name: string) => Promise<unknown>
  put: (name: string, value: unknown) => Promise<unknown>
  names: () => Promise<string[]>
  remove: (name: string) => Promise<unknown>
  clear: () => Promise<unknown>
}
type Session = { sessionRef: string; key: CryptoKey }
export type Kept = { savedAt: number; iv: Uint8Array; sealed: ArrayBuffer }
type Options = { sessionRef: string; userId: string; store: MemoryStore; subtle: SubtleCrypto }

export const sessionName = 'session'

/**
 * The last known context of each customer, sealed with a key that cannot leave this browser and dies with the session.
 * This is the half that the start needs: opening the session and reading. A browser that cannot keep or seal simply
 * remembers nothing.
 */
export function openMemory({ sessionRef, userId, store, subtle }: Options) {
  const key = openSession(sessionRef, store, subtle).catch(() => null)
  const nameOf = (target: Target) => `${userId}:${target.externalUserId || target.chatId}`
  /** @throws when it is not there or was sealed by another session */
  async function unseal(name: string): Promise<ArrayBuffer> {
    const { iv, sealed } = (await store.get(name)) as Kept
    return subtle.decrypt({ name: 'AES-GCM', iv: iv as BufferSource }, (await key) as CryptoKey, sealed)
  }
  return {
    store,
    subtle,
    key,
    nameOf,
    unseal,
    /** @returns null when this customer was not seen in this session */
    read: (target: Target): Promise<SidebarContext | null> =>
      unseal(nameOf(target)).then(
        (opened) => JSON.parse(new TextDecoder().decode(opened)) as SidebarContext,
        () => null,
      ),
  }
}
export type OpenMemory = ReturnType<typeof openMemory>

async function openSession(sessionRef: string, store: MemoryStore, subtle: SubtleCrypto): Promise<CryptoKey> {
  const known = (await store.get(sessionName)) as Session | undefined
  if (known && known.sessionRef === sessionRef) return known.key
  // Another sign-in, perhaps another guide: nothing of the earlier one may stay readable.
  await store.clear()
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await store.put(sessionName, { sessionRef, key } satisfies Session)
  return key
}
