const offsetMs = 8 * 3_600_000
const dayMs = 24 * 3_600_000

/** The calendar day in Beijing, `2026-11-21`. China has had one offset and no summer time since 1991. */
export const beijingDay = (moment: Date, daysBack = 0): string =>
  new Date(moment.getTime() + offsetMs - daysBack * dayMs).toISOString().slice(0, 10)

/** Midnight of the first of this month in Beijing. */
export function beijingMonthStart(moment: Date): Date {
  const local = new Date(moment.getTime() + offsetMs)
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - offsetMs)
}

/** Midnight of a calendar day in Beijing. */
export const beijingDayStart = (moment: Date): Date =>
  new Date(Date.parse(`${beijingDay(moment)}T00:00:00Z`) - offsetMs)

/** Minutes since midnight in Beijing. */
export function beijingMinutes(moment: Date): number {
  const local = new Date(moment.getTime() + offsetMs)
  return local.getUTCHours() * 60 + local.getUTCMinutes()
}
