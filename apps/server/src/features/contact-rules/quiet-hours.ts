import type { ContactRules } from '@guidebar/contracts'

import { beijingMinutes } from '../../platform/beijing-time.ts'

const toMinutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const dayMinutes = 24 * 60

/** @returns when the quiet hours of this moment end; null outside of them. Equal times mean none. */
export function quietUntil(
  { quietFrom, quietTo }: Pick<ContactRules, 'quietFrom' | 'quietTo'>,
  now: Date,
): Date | null {
  const length = (toMinutes(quietTo) - toMinutes(quietFrom) + dayMinutes) % dayMinutes
  const since = (beijingMinutes(now) - toMinutes(quietFrom) + dayMinutes) % dayMinutes
  if (since >= length) return null
  const minuteStart = Math.floor(now.getTime() / 60_000) * 60_000
  return new Date(minuteStart + (length - since) * 60_000)
}
