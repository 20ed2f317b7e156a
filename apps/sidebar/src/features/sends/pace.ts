import type { ContactMeter, ContactWarning } from '@guidebar/contracts'

/** What speaks against so many more messages to this customer, as far as the last answer of the server knew. */
export function findWarnings(meter: ContactMeter | null | undefined, count = 1): ContactWarning[] {
  if (!meter) return []
  const warnings: ContactWarning[] = meter.doNotDisturb ? ['DO_NOT_DISTURB_OVERRIDDEN'] : []
  if (meter.month.left < count) warnings.push('MONTHLY_CAP_REACHED')
  else if (meter.today.left < count) warnings.push('DAILY_CAP_REACHED')
  if (meter.quietNow) warnings.push('QUIET_HOURS')
  return warnings
}
