import { createI18n } from 'vue-i18n'

import { gather } from './gather.ts'
import { zhCN } from './zh-CN.ts'

export const languages = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' } as const
export type Language = keyof typeof languages

const further = {
  'zh-TW': async () => (await import('./all.zh-TW.ts')).words,
  en: async () => (await import('./all.en.ts')).words,
}
const chosenKey = 'guidebar-admin-language'
const first = {
  ...zhCN,
  ...gather(import.meta.glob<object>('../../features/*/messages/zh-CN.ts', { eager: true, import: 'zhCN' })),
}

/**
 * The panel's words in the language chosen here before, or the browser's; Simplified Chinese where there is no other.
 * @param browserLanguage as browsers name it: `zh-HK`, `en-GB`
 */
export async function createMessages(browserLanguage: string) {
  const locale = readChosen() ?? pickLanguage(browserLanguage)
  const words = locale === 'zh-CN' ? first : await further[locale]()
  return createI18n({ legacy: false, locale, fallbackLocale: 'zh-CN', messages: { 'zh-CN': first, [locale]: words } })
}

type Composer = { locale: { value: string }; setLocaleMessage: (locale: string, words: never) => void }

/** Changes the language at once and for the next visits of this browser. */
export async function chooseLanguage({ locale, setLocaleMessage }: Composer, language: Language): Promise<void> {
  if (language !== 'zh-CN') setLocaleMessage(language, (await further[language]()) as never)
  locale.value = language
  try {
    localStorage.setItem(chosenKey, language)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function readChosen(): Language | null {
  try {
    const chosen = localStorage.getItem(chosenKey)
    return chosen !== null && chosen in languages ? (chosen as Language) : null
  } catch {
    return null
  }
}

function pickLanguage(language: string): Language {
  if (/^zh-(tw|hk|mo|hant)/i.test(language)) return 'zh-TW'
  return /^en/i.test(language) ? 'en' : 'zh-CN'
}
