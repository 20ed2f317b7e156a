import type { ContactMeter, ContactRules, ContactWarning, PrepareSend } from '@guidebar/contracts'

import type { MemberKey, GuidePrincipal } from '../../platform/access.ts'
import { beijingDayStart, beijingMonthStart } from '../../platform/beijing-time.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createKeptAnswers } from '../../platform/kept-answers.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { ContactCounts, SendLookups } from '../sends/send.lookups.ts'
import type { ContactRulesRepository } from './contact-rules.repository.ts'
import { quietUntil } from './quiet-hours.ts'

type Deps = {
  rules: ContactRulesRepository
  sends: Pick<SendLookups, 'countContacts'>
  profiles: { read(corpId: string, externalUserId: string): Promise<{ doNotDisturb: boolean }> }
  audit: AuditService
  clock: Clock
}

const builtIn: ContactRules = { perDay: 12, perMonth: 60, quietFrom: '22:00', quietTo: '08:30' }
/** How long a change by another process may go unseen. */
const rulesAgeMs = 10_000

/** Pace: how often and when customers are written to. Warns, and blocks only who does not want to be written to. */
export function createContactRulesService({ rules, sends, profiles, audit, clock }: Deps) {
  const kept = createKeptAnswers<ContactRules>({ ttlMs: rulesAgeMs, now: () => clock.now().getTime() })
  const read = (corpId: string) => kept.read(corpId, async () => (await rules.find(corpId)) ?? builtIn)

  /** What counts say of a customer. */
  async function toMeter(corpId: string, counts: ContactCounts, doNotDisturb: boolean): Promise<ContactMeter> {
    const now = clock.now()
    const pace = await read(corpId)
    const { myDay, corpDay, myMonth, corpMonth } = counts
    const monthLeft = Math.max(0, pace.perMonth - corpMonth)
    const until = quietUntil(pace, now)
    return {
      today: { byMe: myDay, byCorp: corpDay, left: Math.min(monthLeft, Math.max(0, pace.perDay - corpDay)) },
      month: { byMe: myMonth, byCorp: corpMonth, left: monthLeft },
      quietNow: until !== null,
      quietUntil: until?.toISOString() ?? null,
      doNotDisturb,
    }
  }

  return {
    read,
    toMeter,

    /** @throws AppError BAD_REQUEST when a day may hold more than a month */
    async save({ corpId, userId }: MemberKey, wanted: ContactRules): Promise<ContactRules> {
      if (wanted.perDay > wanted.perMonth)
        throw new AppError('BAD_REQUEST', 'a month holds at least what a day does', { at: '/perMonth' })
      await audit.note({ corpId, userId }, { action: 'rules.contact-changed', target: corpId, details: { ...wanted } })
      await rules.save(corpId, wanted, { byUserId: userId, updatedAt: clock.now() })
      kept.forget(corpId)
      return wanted
    },

    /**
     * What speaks against a message to this customer now.
     * @throws AppError DO_NOT_DISTURB unless it is overridden with a reason, which goes on record; BAD_REQUEST
     */
    async check(
      guide: GuidePrincipal,
      externalUserId: string,
      { key, override = false, overrideReason }: Pick<PrepareSend, 'key' | 'override' | 'overrideReason'>,
    ): Promise<ContactWarning[]> {
      const { doNotDisturb } = await profiles.read(guide.corpId, externalUserId)
      if (doNotDisturb && !override)
        throw new AppError('DO_NOT_DISTURB', 'the customer does not want to be written to', { at: '/externalUserId' })
      if (doNotDisturb && !overrideReason?.trim())
        throw new AppError('BAD_REQUEST', 'an override needs a reason', { at: '/overrideReason' })
      if (doNotDisturb)
        await audit.note(guide, {
          key,
          action: 'contact.do-not-disturb-overridden',
          target: externalUserId,
          details: { reason: overrideReason ?? '' },
        })
      const now = clock.now()
      const starts = { dayStart: beijingDayStart(now), monthStart: beijingMonthStart(now) }
      const counts = await sends.countContacts(guide, externalUserId, starts)
      const { today, month, quietNow } = await toMeter(guide.corpId, counts, doNotDisturb)
      const warnings: ContactWarning[] = doNotDisturb ? ['DO_NOT_DISTURB_OVERRIDDEN'] : []
      if (month.left === 0) warnings.push('MONTHLY_CAP_REACHED')
      else if (today.left === 0) warnings.push('DAILY_CAP_REACHED')
      if (quietNow) warnings.push('QUIET_HOURS')
      return warnings
    },
  }
}

export type ContactRulesService = ReturnType<typeof createContactRulesService>
