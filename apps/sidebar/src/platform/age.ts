import { useI18n } from './i18n.ts'

const minuteMs = 60_000

/** How long ago something was true, in words: figures from elsewhere are never shown without it. */
export function useAge() {
  const { t } = useI18n()
  return (iso: string, now = Date.now()): string => {
    const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / minuteMs))
    if (minutes < 1) return t('age.now')
    if (minutes < 60) return t('age.minutes', { count: minutes })
    if (minutes < 60 * 24) return t('age.hours', { count: Math.floor(minutes / 60) })
    return t('age.days', { count: Math.floor(minutes / (60 * 24)) })
  }
}
