import { createI18n } from 'vue-i18n'

import { zhCN } from './zh-CN.ts'

const further = {
  'zh-TW': async () => (await import('./zh-TW.ts')).zhTW,
  en: async () => (await import('./en.ts')).en,
}
type Further = keyof typeof further

/**
 * The panel's words in the browser's language; Simplified Chinese where there is no other.
 * @param language as browsers name it: `zh-HK`, `en-GB`
 */
export async function createMessages(language: string) {
  const locale = pickLocale(language)
  const words = locale === 'zh-CN' ? zhCN : await further[locale]()
  return createI18n({ legacy: false, locale, fallbackLocale: 'zh-CN', messages: { 'zh-CN': zhCN, [locale]: words } })
}

function pickLocale(language: string): Further | 'zh-CN' {
  if (/^zh-(tw|hk|mo|hant)/i.test(language)) return 'zh-TW'
  return /^en/i.test(language) ? 'en' : 'zh-CN'
}
