import { computed } from 'vue'
import { useI18n } from './i18n.ts'

const dayMs = 86_400_000

/** Moments and sums as the reader's language writes them. Fields are named one by one: style names are too new. */
export function createFormat(locale: string) {
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  const fullDay = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' })
  const beijingDay = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'Asia/Shanghai' })
  const sums = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const wholeSums = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })

  const daysAgo = (moment: Date, now: Date) =>
    Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(moment).setHours(0, 0, 0, 0)) / dayMs)
  return {
    /** 14:05 today, 周一 14:05 within the week, else the day and the time. */
    moment(iso: string, now = new Date()): string {
      const moment = new Date(iso)
      const age = daysAgo(moment, now)
      if (age === 0) return time.format(moment)
      if (age > 0 && age < 7) return `${weekday.format(moment)} ${time.format(moment)}`
      return `${day.format(moment)} ${time.format(moment)}`
    },
    /** The day, with its year unless it is this one. */
    day(iso: string, now = new Date()): string {
      const moment = new Date(iso)
      return (moment.getFullYear() === now.getFullYear() ? day : fullDay).format(moment)
    },
    /** The day it is in Beijing, where months of results begin. */
    beijingDay: (iso: string): string => beijingDay.format(new Date(iso)),
    /** Fen as yuan, without empty cents. */
    money: (fen: number): string => `¥${(fen % 100 === 0 ? wholeSums : sums).format(fen / 100)}`,
    count: (value: number): string => wholeSums.format(value),
  }
}

export function useFormat() {
  const { locale } = useI18n()
  return computed(() => createFormat(locale.value))
}
