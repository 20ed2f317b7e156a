import type { Daypart } from '@guidebar/contracts'

const hoursOf: Record<Daypart, number[]> = {
  morning: [6, 7, 8, 9, 10],
  noon: [11, 12, 13],
  afternoon: [14, 15, 16, 17],
  evening: [18, 19, 20, 21],
  night: [22, 23, 0, 1, 2, 3, 4, 5],
}

/** @param hour 0 to 23, Beijing time @returns the part of the day and its hours */
export function daypartOf(hour: number): { daypart: Daypart; hours: number[] } {
  const [daypart, hours] = (Object.entries(hoursOf) as [Daypart, number[]][]).find(([, own]) => own.includes(hour)) ?? [
    'night',
    hoursOf.night,
  ]
  return { daypart, hours }
}
