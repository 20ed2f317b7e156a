import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallOptions, CallPurpose } from '@guidebar/wecom'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

const purposes = new AsyncLocalStorage<CallPurpose>()
const forPeople = new Set<CallPurpose>(['panel', 'admin', 'welcome'])

/** Does work whose calls to WeCom are all for one purpose, also those that it starts and does not wait for. */
export const runFor = <T>(purpose: CallPurpose, work: () => T): T => purposes.run(purpose, work)

/** Lane and purpose of calls that do not say so themselves. */
export function callDefaults(): CallOptions {
  const purpose = purposes.getStore()
  return purpose ? { purpose, lane: forPeople.has(purpose) ? 'interactive' : 'background' } : {}
}

/** What a request makes us ask of WeCom is asked for whoever sent it. */
export const requestPurpose = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', (request, _reply, done) => {
      runFor(purposeOf(request.routeOptions.url ?? ''), done)
    })
  },
  { name: 'request-purpose' },
)

function purposeOf(url: string): CallPurpose {
  if (url.startsWith('/wecom/')) return 'callback'
  return /^\/(api\/)?admin\b/.test(url) ? 'admin' : 'panel'
}
