import { createInterface } from 'node:readline'

import { connectMongo } from '@guidebar/mongo'
import { createCorp } from '@guidebar/server/platform/corps'
import { systemClock, type Corp } from '@guidebar/server/platform/deps'
import { createMongoTokenStore } from '@guidebar/server/platform/mongo-token-store'
import { createSecretBox } from '@guidebar/server/platform/secret-box'
import { createUpstreamShare } from '@guidebar/server/platform/upstream/upstream-share'
import { WecomError } from '@guidebar/wecom'

export type CallerInput = {
  mongoUri: string
  credentials: { corpId: string; agentId: string; secret: string; apiUrl: string }
  /** Without it the caller knows no limit of ours, so that WeCom's is met. */
  limited?: boolean
}
/** `count` calls, `atOnce` of them side by side. */
export type CallerOrder = { call: 'member' | 'tickets' | 'customer'; count: number; atOnce: number; id: string }
export type CallerReport = {
  ok: number
  failures: Record<string, number>
  slowestMs: number
  /** Different answers where all should be alike. */
  values: string[]
}

const { mongoUri, credentials, limited } = JSON.parse(process.argv[2] ?? '{}') as CallerInput
const db = await connectMongo(mongoUri, 'guidebar')
const { apiUrl } = credentials
const share = createUpstreamShare(db)
const corp = createCorp(
  { ...credentials, callback: null, oauthUrl: apiUrl, loginUrl: apiUrl },
  {
    tokenStore: createMongoTokenStore(db, createSecretBox(credentials.secret)),
    share,
    clock: systemClock,
    ...(!limited && { quotaOf: () => ({ perMinute: 10_000_000, perHour: 1_000_000_000 }) }),
  },
)

const calls: Record<CallerOrder['call'], (corp: Corp, id: string) => Promise<string>> = {
  member: async ({ wecom }, id) => (await wecom.user.get(id, { lane: 'background' })).userId,
  tickets: async ({ wecom }) => (await Promise.all([wecom.tickets.corp(), wecom.tickets.agent()])).join(),
  customer: async ({ wecom }, id) =>
    (await wecom.externalContact.get(id, { lane: 'background' })).customer.externalUserId,
}

async function perform({ call, count, atOnce, id }: CallerOrder): Promise<CallerReport> {
  const report: CallerReport = { ok: 0, failures: {}, slowestMs: 0, values: [] }
  const values = new Set<string>()
  let left = count
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const startedAt = performance.now()
        try {
          values.add(await calls[call](corp, id))
          report.ok += 1
        } catch (error) {
          const name =
            error instanceof WecomError ? `${error.errcode}${error.heldBack ? ' held back' : ''}` : String(error)
          report.failures[name] = (report.failures[name] ?? 0) + 1
        }
        report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - startedAt))
      }
    }),
  )
  return { ...report, values: [...values].slice(0, 3) }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as CallerOrder & { number: number }
  void perform(order).then((report) => console.log(`CALLER_DONE_${order.number} ${JSON.stringify(report)}`))
})
console.log('CALLER_READY {}')
