const day = new Intl.DateTimeFormat('zh-CN', { month: 'numeric', day: 'numeric' })
const dayOfYear = new Intl.DateTimeFormat('zh-CN', { year: 'numeric', month: 'numeric', day: 'numeric' })
const time = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })

/** «9/20», with the year when it is not this one. */
export function toDay(iso: string): string {
  const date = new Date(iso)
  return (date.getFullYear() === new Date().getFullYear() ? day : dayOfYear).format(date)
}

/** Above messages as WeChat has it: only the time for today. */
export function toMoment(iso: string): string {
  const date = new Date(iso)
  const clock = time.format(date)
  return date.toDateString() === new Date().toDateString() ? clock : `${toDay(iso)} ${clock}`
}
