const dayMs = 86_400_000
const beijingAheadMs = 8 * 3_600_000

/** When tomorrow begins in Beijing, wherever the device is. */
export function nextBeijingDay(now = new Date()): Date {
  return new Date((Math.floor((now.getTime() + beijingAheadMs) / dayMs) + 1) * dayMs - beijingAheadMs)
}
