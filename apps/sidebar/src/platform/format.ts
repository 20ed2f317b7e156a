import { computed } from 'vue'
import { useI18n } from './i18n.ts'

const dayMs = 86_400_000

/** Beijing has no summer time. */
const beijingAheadMs = 8 * 3_600_000
const timeZone = 'Asia/Shanghai'
const dayNumber = (moment: Date) => Math.floor((moment.getTime() + beijingAheadMs) / dayMs)
const yearOf = (moment: Date) => new Date(moment.getTime() + beijingAheadMs).getUTCFullYear()

/**
 * Moments and sums as the reader's language writes them; days and months are Beijing's wherever the device is, as those
 * that results are counted in. Fields are named one by one: style names are too new.
 */
export function createFormat(locale: string) {
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone })
  const fullDay = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone })
  const sums = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const wholeSums = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })

  return {
    /** 14:05 today, 周一 14:05 within the week, else the day and the time. */
    moment(iso: string, now = new Date()): string {
      const moment = new Date(iso)
      const age = dayNumber(now) - dayNumber(moment)
      if (age === 0) return time.format(moment)
      if (age > 0 && age < 7) return `${weekday.format(moment)} ${time.format(moment)}`
      return `${day.format(moment)} ${time.format(moment)}`
    },
    time: (iso: string): string => time.format(new Date(iso)),
    /** The day, with its year unless it is this one. */
    day(iso: string, now = new Date()): string {
      const moment = new Date(iso)
      return (yearOf(moment) === yearOf(now) ? day : fullDay).format(moment)
    },
    /** Fen as yuan, without empty cents. */
    money: (fen: number): string => `¥${(fen % 100 === 0 ? wholeSums : sums).format(fen / 100)}`,
    count: (value: number): string => wholeSums.format(value),
  }
}

export function useFormat() {
  const { locale } = useI18n()
  return computed(() => createFormat(locale.value))
}
