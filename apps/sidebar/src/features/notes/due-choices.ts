/** Moments a guide promises most: this afternoon while it is still ahead, tomorrow, in three days, in a week. */
export function toDueChoices(now: Date): { name: 'evening' | 'tomorrow' | 'threeDays' | 'week'; at: Date }[] {
  const on = (days: number, hour: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    day.setHours(hour, 0, 0, 0)
    return day
  }
  const evening = { name: 'evening' as const, at: on(0, 18) }
  return [
    ...(evening.at > now ? [evening] : []),
    { name: 'tomorrow', at: on(1, 10) },
    { name: 'threeDays', at: on(3, 10) },
    { name: 'week', at: on(7, 10) },
  ]
}
