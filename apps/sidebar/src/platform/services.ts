import { createSidebarClient, type SidebarApi } from '@guidebar/api-client'
import type { BootFacts, JsSignatures } from '@guidebar/contracts'
import { createToasts, type Toasts } from '@guidebar/ui'
import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue'

import { readClient } from '../host/client.ts'
import { createMemory, type Memory } from './memory-writer.ts'
import { createLateHost, type WecomHost } from '../host/late-host.ts'
import type { PendingState } from '../features/pending-writes/pending-state.ts'
import type { OutcomeOutbox } from '../features/sends/outcome-outbox.ts'
import { jsApiList } from '../start/run-start.ts'
import type { GuidebarStart } from '../start/start.types.ts'

/** What components lean on; handed over once, replaced as a whole in tests. */
export type Services = {
  boot: BootFacts
  api: SidebarApi
  host: WecomHost
  outbox: Pick<OutcomeOutbox, 'report' | 'flush'>
  toasts: Toasts
  memory: Memory | null
  /** Tags and notes that wait for the network; null until the part that keeps them has come. */
  pending: ShallowRef<PendingState | null>
  start: GuidebarStart
  reload: () => void
}
export const servicesKey: InjectionKey<Services> = Symbol('services')

export function useServices(): Services {
  const services = inject(servicesKey)
  if (!services) throw new Error('services were not provided')
  return services
}

export function createServices(start: GuidebarStart, boot: BootFacts): Services {
  const api = createSidebarClient({ fetch: takeOver(start.calls) })
  const client = readClient(navigator.userAgent)
  const getSignatures = createSignatureSource(start, api)
  const host = createLateHost({
    client,
    load: async () =>
      (await import('../host/wecom-host.ts')).createWecomHost({
        boot,
        client,
        // The start proves itself for what it asks alone; the SDK does so again for all that may come.
        jsApiList: [...jsApiList, 'openEnterpriseChat'],
        getSignatures,
      }),
  })
  return {
    boot,
    api,
    host,
    outbox: createLateOutbox(api, boot),
    toasts: createToasts(),
    memory: start.memory && createMemory(start.memory),
    pending: shallowRef(null),
    start,
    reload: () => location.reload(),
  }
}

/** A `fetch` that hands out the calls the start script has under way, each once. */
export function takeOver(calls: Record<string, Promise<Response>>): typeof fetch {
  return (input, init) => {
    const address = typeof input === 'string' ? input : ''
    const underWay = calls[address]
    if (!underWay || (init?.method ?? 'GET') !== 'GET') return fetch(input, init)
    delete calls[address]
    const stopped = new Promise<never>((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))
    })
    return Promise.race([underWay, stopped])
  }
}

/** The signatures of the start for the address it had, the server's for any other; one question an address. */
export function createSignatureSource(start: Pick<GuidebarStart, 'signatures'>, api: Pick<SidebarApi, 'signUrl'>) {
  const known = new Map<string, Promise<JsSignatures>>()
  return async (url: string, fresh: boolean): Promise<JsSignatures> => {
    if (fresh) known.delete(url)
    let answer = known.get(url)
    if (!answer) {
      const first = fresh ? undefined : await start.signatures.catch(() => undefined)
      answer = first?.url === url ? Promise.resolve(first) : api.signUrl(url)
      known.set(url, answer)
      answer.catch(() => known.delete(url))
    }
    return answer
  }
}

/** The outbox is fetched when there is something to tell: the first view sends nothing. */
function createLateOutbox(api: SidebarApi, boot: BootFacts): Services['outbox'] {
  let opened: Promise<OutcomeOutbox> | undefined
  const open = () =>
    (opened ??= import('../features/sends/outcome-outbox.ts').then(({ createOutcomeOutbox }) =>
      createOutcomeOutbox({ report: api.reportOutcome, owner: boot.sessionRef }),
    ))
  return {
    report: async (sendId, outcome) => (await open()).report(sendId, outcome),
    flush: async () => (await open()).flush(),
  }
}
