const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** An age in the largest unit that fits: «3 小时», «2 days». */
export function formatAge(seconds: number, locale: string): string {
  const [unit, size] = steps.find(([, length]) => seconds >= length) ?? (['second', 1] as const)
  const value = Math.floor(seconds / size)
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
