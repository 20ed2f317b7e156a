import { WecomError, type WecomClient } from '@guidebar/wecom'

import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext } from '../doctor.context.ts'
import { toText } from './callback.checks.ts'
import { console, named, page, withToken } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()
const stuckMs = 15 * 60_000
/** More departments than this are not counted through: the check answers while somebody looks. */
const mostDepartments = 200
const rangeCodes = [60011, 60030, 60111, 81013, 60003, 60123]

/** Who serves, whom the app sees, and whether it came here. */
export const corpChecks = [
  check(
    'customer-contact',
    withToken(async (client, { memo, userId }) => {
      try {
        const followers = await client.externalContact.getFollowUserList()
        memo.followers = followers
        if (followers.length === 0) return fail('nobody')
        const isIn = userId === null || followers.some((one) => one.toLowerCase() === userId.toLowerCase())
        return isIn ? ok('ok', { count: followers.length }) : warn('not-you', { count: followers.length })
      } catch (error) {
        return named(error, { 48002: 'not-callable', 84074: 'nobody' })
      }
    }),
    { link: console.customers, after: ['gettoken'] },
  ),

  check(
    'visible-range',
    withToken(async (client, { memo }) => {
      try {
        const userIds = await listVisible(client, memo.agent)
        memo.visibleUserIds = userIds
        if (userIds.length === 0) return fail('nobody')
        const visible = new Set(userIds.map((userId) => userId.toLowerCase()))
        const outside = (memo.followers ?? []).filter((userId) => !visible.has(userId.toLowerCase()))
        if (outside.length > 0) return warn('outside', { count: outside.length })
        return ok('ok', { members: userIds.length, guides: memo.followers?.length ?? 0 })
      } catch (error) {
        if (error instanceof WecomError && rangeCodes.includes(error.errcode))
          return fail('denied', { errcode: error.errcode })
        throw error
      }
    }),
    { link: console.apps, after: ['agent', 'customer-contact'] },
  ),

  check(
    'member-fields',
    withToken(async (client, { memo }) => {
      const userId = memo.visibleUserIds?.[0] ?? memo.followers?.[0]
      if (!userId) return skip('nobody')
      try {
        const member = await client.user.get(userId)
        const has = {
          name: member.name,
          department: member.departmentIds.length,
          position: member.position,
          mobile: member.mobile,
          avatar: member.avatarUrl,
        }
        const fields = Object.entries(has)
          .filter(([, value]) => value)
          .map(([name]) => name)
        return ok(member.mobile && member.avatarUrl ? 'ok' : 'reduced', { fields: fields.join(', ') })
      } catch (error) {
        return named(error, { 48009: 'contact-secret' })
      }
    }),
    { link: page(90196), after: ['visible-range'] },
  ),

  check(
    'ticket-corp',
    withToken(async (client) => (await client.tickets.corp(), ok('ok'))),
    {
      link: page(90506),
      after: ['gettoken'],
    },
  ),
  check(
    'ticket-agent',
    withToken(async (client) => (await client.tickets.agent(), ok('ok'))),
    {
      link: page(90506),
      after: ['gettoken'],
    },
  ),

  check(
    'first-sync',
    async ({ wecom, records, now }) => {
      if (!wecom) return skip('no-corp')
      if (!records) return skip('no-database')
      const { phase, done, total, error, relations, finishedAt, movedAt } = await records.sync()
      if (phase === 'idle') return warn('never')
      if (phase === 'failed') return fail('failed', { reason: error ?? '—' })
      if (phase === 'done')
        return relations > 0 ? ok('ok', { relations, at: toText(new Date(finishedAt ?? now())) }) : fail('empty')
      const stillMs = movedAt ? now().getTime() - movedAt.getTime() : 0
      if (stillMs > stuckMs) return warn('stuck', { minutes: Math.floor(stillMs / 60_000) })
      return ok('running', { done, total: total ?? '?' })
    },
    { link: console.customers },
  ),

  check(
    'union-id',
    async ({ wecom, records }) => {
      if (!wecom) return skip('no-corp')
      if (!records) return skip('no-database')
      const { sampled, withUnionId } = await records.unionIds()
      if (sampled === 0) return skip('not-yet')
      if (withUnionId === 0) return warn('none', { sampled })
      return ok('ok', { sampled, share: Math.round((withUnionId / sampled) * 100) })
    },
    { link: page(92114) },
  ),
]

/** Everybody the app sees: people named in its range, and those of the departments in it. */
async function listVisible(client: WecomClient, known: DoctorContext['memo']['agent']): Promise<string[]> {
  const { visible } = known ?? (await client.agent.get())
  const userIds = new Set(visible.userIds)
  for (const root of visible.departmentIds) {
    const below = await client.department.simpleList(root)
    for (const { departmentId } of below.slice(0, mostDepartments))
      for (const { userId } of await client.user.simpleList(departmentId)) userIds.add(userId)
  }
  return [...userIds]
}
