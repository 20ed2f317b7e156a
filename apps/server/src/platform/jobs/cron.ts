import { Cron } from 'croner'

export type CronSettings = { text: string; timeZone: string }

/**
 * The first moment after `after` that the text names.
 * @throws TypeError when the text is no cron text, or names no moment any more
 */
export function nextTick({ text, timeZone }: CronSettings, after: Date): Date {
  const next = new Cron(text, { timezone: timeZone, paused: true }).nextRun(after)
  if (!next) throw new TypeError(`«${text}» names no moment any more`)
  return next
}
