import type { Birthday } from '@guidebar/contracts'

const dayMs = 24 * 3_600_000
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** The day of a year on which it is kept, as UTC midnight; who was born on 29 February has the 28th in other years. */
function inYear({ month, day }: Birthday, year: number): number {
  return Date.UTC(year, month - 1, month === 2 && day === 29 && !isLeap(year) ? 28 : day)
}

/** @param today calendar day, `2026-11-21` @returns the next one from today on, and how many days it is away */
export function nextBirthday(birthday: Birthday, today: string): { day: string; inDays: number } {
  const from = Date.parse(`${today}T00:00:00Z`)
  const year = Number(today.slice(0, 4))
  const thisYear = inYear(birthday, year)
  const next = thisYear >= from ? thisYear : inYear(birthday, year + 1)
  return { day: new Date(next).toISOString().slice(0, 10), inDays: Math.round((next - from) / dayMs) }
}

/** Whether there is such a day: 29 February is one, also without a year. */
export function isBirthday({ month, day, year }: Birthday): boolean {
  const date = new Date(Date.UTC(year ?? 2024, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
