import { WecomError, type WecomClient } from '@guidebar/wecom'

import { adviseOn, defineChecks, fail, ok, skip, warn, type Finding } from '../check.ts'
import type { DoctorContext } from '../doctor.context.ts'
import type { CommonFinding, FindingOf } from '../words/doctor.words.ts'

const check = defineChecks<DoctorContext>()

export const console = {
  apps: 'https://work.weixin.qq.com/wework_admin/frame#apps',
  corp: 'https://work.weixin.qq.com/wework_admin/frame#profile/enterprise',
  customers: 'https://work.weixin.qq.com/wework_admin/frame#customer/analysis',
}
export const page = (n: number) => `https://developer.work.weixin.qq.com/document/path/${n}`

const minuteMs = 60_000
const tokenCodes = [40014, 41001, 42001]
/** That a token ends early now and then is normal. */
const oftenRejected = 3

/** Runs a look that needs a token; without one there is nothing to see. */
export function withToken<F extends string>(
  look: (client: WecomClient, context: DoctorContext) => Promise<Finding<F>>,
): (context: DoctorContext) => Promise<Finding<F | CommonFinding>> {
  return async (context) => {
    if (!context.client) return skip('no-corp')
    if (!context.memo.hasToken) return skip('no-token')
    return look(context.client, context).catch(adviseOn)
  }
}

/** Names the refusals that a check knows; others get the words that all share. */
export function named<F extends string>(
  error: unknown,
  known: Record<number, F>,
  values = {},
): Finding<F | CommonFinding> {
  const finding = error instanceof WecomError ? known[error.errcode] : undefined
  return finding && error instanceof WecomError ? fail(finding, { errcode: error.errcode, ...values }) : adviseOn(error)
}

const secretCodes: Record<number, FindingOf<'gettoken'>> = {
  40001: 'wrong-secret',
  41004: 'wrong-secret',
  42001: 'wrong-secret',
  40013: 'wrong-corp',
  41002: 'wrong-corp',
  40091: 'other-corp',
}

/** Corp, app, secret, and what they may call from here. */
export const credentialChecks = [
  check('corp-settings', async ({ missingFields, hasUnreadableFields }) => {
    if (hasUnreadableFields) return fail('unreadable')
    return missingFields.length > 0 ? fail('missing', { names: missingFields.join(', ') }) : ok('ok')
  }),

  check(
    'gettoken',
    async ({ client, records, memo }) => {
      if (!client) return skip('no-corp')
      try {
        // Any call that needs the token and nothing else.
        await client.callbacks.getIps()
        memo.hasToken = true
        return ok('ok')
      } catch (error) {
        const isTokenCall = error instanceof WecomError && error.path === 'gettoken'
        if (!isTokenCall) {
          // The secret is good; what stands in the way has a check of its own.
          memo.hasToken = error instanceof WecomError && !tokenCodes.includes(error.errcode)
          return error instanceof WecomError ? ok('ok') : adviseOn(error)
        }
        const fault = await records?.tokenFault()
        if (fault?.isStopped) return fail('stopped', { errcode: fault.errcode })
        return named(error, secretCodes)
      }
    },
    { link: console.apps, after: ['corp-settings'] },
  ),

  check(
    'trusted-ip',
    withToken(async (client) => {
      try {
        await client.agent.get()
        return ok('ok')
      } catch (error) {
        if (!(error instanceof WecomError)) throw error
        // Every other refusal means that the address is let in.
        if (error.errcode !== 60020) return ok('ok')
        return fail('not-allowed', { ip: error.callerIp ?? '—', errcode: 60020 })
      }
    }),
    { link: page(90313), after: ['gettoken'] },
  ),

  check(
    'agent',
    withToken(async (client, { memo }) => {
      try {
        const agent = await client.agent.get()
        memo.agent = agent
        return agent.stopped ? fail('disabled') : ok('ok', { name: agent.name })
      } catch (error) {
        if (error instanceof WecomError && error.errcode === 60020)
          return skip('refused', { errcode: 60020, path: error.path })
        return named(error, { 301002: 'other-app', 40056: 'other-app', 50003: 'disabled' })
      }
    }),
    { link: console.apps, after: ['gettoken'] },
  ),

  check(
    'token',
    async ({ client, records, memo }) => {
      if (!client) return skip('no-corp')
      const refusal = memo.hasToken
        ? null
        : await client.callbacks.getIps().then(
            () => null,
            (error: unknown) => (error instanceof WecomError && error.path !== 'gettoken' ? error.errcode : null),
          )
      if (refusal !== null && tokenCodes.includes(refusal)) return fail('rejected', { errcode: refusal })
      if (!memo.hasToken) return skip('no-token')
      if (!records) return skip('no-database')
      const seen = (await records.refusals()).filter(({ errcode }) => tokenCodes.includes(errcode))
      const count = seen.reduce((sum, one) => sum + one.count, 0)
      if (count >= oftenRejected) return warn('often-rejected', { count, errcode: seen[0]?.errcode ?? 42001 })
      const token = await records.token()
      if (!token) return ok('not-yet')
      const { ageMs, leftMs, refreshes, holder } = token
      return ok('ok', { minutes: Math.floor(ageMs / minuteMs), left: Math.floor(leftMs / minuteMs), refreshes, holder })
    },
    { link: page(91039), after: ['gettoken'] },
  ),
]
