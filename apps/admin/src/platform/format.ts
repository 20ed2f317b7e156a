/** The corp's own clock: sales days are Beijing days wherever the admin sits. */
const timeZone = 'Asia/Shanghai'

export function formatMoment(moment: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(moment))
}

export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count)
}

/** @param amountFen in fen */
export function formatYuan(amountFen: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'CNY' }).format(amountFen / 100)
}
