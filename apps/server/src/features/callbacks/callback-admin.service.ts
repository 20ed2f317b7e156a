import type { CallbackArmed, CallbackDeadLetters, CallbackOverview } from '@guidebar/contracts'

import type { DeadLetter, Place } from './callback-event.repository.ts'
import type { CallbackAddressDesk } from './callback.address.ts'
import type { CallbackAddressRepository } from './callback-address.repository.ts'
import type { CallbackService } from './callback.service.ts'
import type { WelcomeLane } from './welcome.lane.ts'

type Deps = {
  callbacks: CallbackService
  addresses: CallbackAddressRepository
  address: CallbackAddressDesk
  welcomes: WelcomeLane
}

const shownGaps = 20

/** How events come in, for admins of the corp. */
export function createCallbackAdminService({ callbacks, addresses, address, welcomes }: Deps) {
  return {
    async overview(corpId: string): Promise<CallbackOverview> {
      const [state, gauges, lastAt, unknown, gaps, welcomeCounts] = await Promise.all([
        addresses.find(corpId),
        callbacks.gauges(corpId),
        callbacks.lastAt(corpId),
        callbacks.countUnknown(corpId),
        addresses.listGaps(corpId, shownGaps),
        welcomes.countByState(corpId),
      ])
      const { refusals, lag } = callbacks.ofThisProcess()
      return {
        verifiedAt: toText(state?.verifiedAt),
        armedUntil: toText(state?.armedUntil),
        lastAt: toText(lastAt),
        ...gauges,
        lag,
        unknown,
        refusals: Object.entries(refusals).map(([reason, count]) => ({ reason, count })),
        welcomes: welcomeCounts,
        gaps: gaps.map(({ startAt, endAt, cause, reconcileAskedAt }) => ({
          startAt: startAt.toISOString(),
          endAt: endAt.toISOString(),
          cause,
          reconcileAskedAt: toText(reconcileAskedAt),
        })),
      }
    },

    /** Events that were given up, the newest first. */
    async deadLetters(corpId: string, page: { limit: number; after?: string }): Promise<CallbackDeadLetters> {
      const rows = await callbacks.listDead(
        corpId,
        page.limit,
        page.after === undefined ? undefined : toPlace(page.after),
      )
      const last = rows.length === page.limit ? rows.at(-1) : undefined
      return { letters: rows.map(toLetter), next: last ? `${last.receivedAt.getTime()}.${last._id}` : null }
    },

    /** @throws AppError NOT_FOUND */
    retry: (corpId: string, id: string): Promise<void> => callbacks.retryDead(corpId, id),

    /** For a quarter of an hour WeCom's check of the address is answered. */
    async arm(corpId: string): Promise<CallbackArmed> {
      return { armedUntil: (await address.arm(corpId)).toISOString() }
    },
  }
}

export type CallbackAdminService = ReturnType<typeof createCallbackAdminService>

const toText = (moment: Date | null | undefined) => moment?.toISOString() ?? null

function toPlace(after: string): Place {
  const [at = '', _id = ''] = after.split('.')
  return { receivedAt: new Date(Number(at)), _id }
}

const toLetter = (row: DeadLetter) => ({
  id: row._id,
  name: row.name,
  subject: row.subject,
  happenedAt: row.happenedAt.toISOString(),
  receivedAt: row.receivedAt.toISOString(),
  attempts: row.attempts,
  cause: row.error ?? null,
  errcode: row.errcode ?? null,
})
