import { inject, shallowRef, type InjectionKey, type Ref } from 'vue'

import type { zhCNLater } from '../messages/zh-CN.later.ts'
import { zhCN } from '../messages/zh-CN.ts'

export type Messages = Shape<typeof zhCN & typeof zhCNLater>
type Shape<Tree> = { [Key in keyof Tree]: Tree[Key] extends string ? string : Shape<Tree[Key]> }
type Values = Record<string, string | number>

export const languages = ['zh-CN', 'zh-TW', 'en'] as const
export type Language = (typeof languages)[number]
export type LanguageChoice = Language | 'auto'

/**
 * Words for screens: dotted keys, `{name}` filled in, nothing else. A whole translation library costs more of the first
 * view than all our messages together.
 */
export type Translations = {
  /** @returns the key itself where there are no words for it */
  t: (key: string, values?: Values) => string
  locale: Readonly<Ref<Language>>
  /** Languages the corp offers; the first one is for whom none of them fits. */
  offered: readonly Language[]
  show: (language: Language) => Promise<void>
  /** Fetches the words that the first view does without; parts that need them wait for it. Never rejects. */
  complete: () => Promise<void>
}
export const translationsKey: InjectionKey<Translations> = Symbol('translations')

const storedName = 'guidebar.language'
const loaders: Record<Language, () => Promise<Messages>> = {
  'zh-CN': async () => ({ ...zhCN, ...(await import('../messages/zh-CN.later.ts')).zhCNLater }),
  'zh-TW': async () => (await import('../messages/zh-TW.ts')).zhTW,
  en: async () => (await import('../messages/en.ts')).en,
}

/** @param wanted languages the corp offers; all of ours when it names none that we have */
export function createTranslations(wanted: readonly string[] = languages): Translations {
  const known = wanted.filter((one): one is Language => (languages as readonly string[]).includes(one))
  const offered = known.length > 0 ? known : languages
  const messages = shallowRef<typeof zhCN | Messages>(zhCN)
  const locale = shallowRef<Language>('zh-CN')
  let completed = false
  const complete = async () => {
    const language = locale.value
    const all = await loaders[language]()
    if (locale.value === language) messages.value = all
  }
  return {
    t: (key, values = {}) =>
      (findMessage(messages.value, key) ?? findMessage(zhCN, key) ?? key).replace(/\{(\w+)\}/g, (_, name: string) =>
        String(values[name] ?? ''),
      ),
    locale,
    offered,
    async show(language) {
      // The first words of Chinese are here already; any other language comes as a whole.
      messages.value = language === 'zh-CN' ? zhCN : await loaders[language]()
      locale.value = language
      document.documentElement.lang = language
      if (language === 'zh-CN' && completed) await complete()
    },
    complete: () => {
      completed = true
      return complete().catch(() => undefined)
    },
  }
}

export function useI18n(): Translations {
  const translations = inject(translationsKey)
  if (!translations) throw new Error('translations were not provided')
  return translations
}

/** Follows a dotted key down the tree. */
export function findMessage(tree: unknown, key: string): string | null {
  let node = tree
  for (const name of key.split('.')) node = (node as Record<string, unknown> | undefined)?.[name]
  return typeof node === 'string' ? node : null
}

/** The guide's own choice, then the client's language, then the browser's. */
export function decideLanguage(
  choice: LanguageChoice,
  userAgent: string,
  browserLanguages: readonly string[],
): Language {
  if (choice !== 'auto') return choice
  const client = /Language\/([\w-]+)/i.exec(userAgent)?.[1]?.replace('_', '-')
  const browser = browserLanguages[0] ?? 'zh-CN'
  // The client says `zh` for both scripts; the browser then knows which.
  const wanted = client && !(client === 'zh' && browser.startsWith('zh')) ? client : browser
  if (/^zh-(tw|hk|mo|hant)/i.test(wanted)) return 'zh-TW'
  return /^zh/i.test(wanted) ? 'zh-CN' : 'en'
}

export function readLanguageChoice(): LanguageChoice {
  try {
    const stored = localStorage.getItem(storedName)
    return languages.find((language) => language === stored) ?? 'auto'
  } catch {
    return 'auto'
  }
}

export function saveLanguageChoice(choice: LanguageChoice): void {
  try {
    if (choice === 'auto') localStorage.removeItem(storedName)
    else localStorage.setItem(storedName, choice)
  } catch {
    // A browser that keeps nothing still changes the language until it is closed.
  }
}

/** Shows the language of a choice; one that cannot be fetched now leaves the page as it is. */
export function applyLanguage(translations: Translations, choice: LanguageChoice): Promise<void> {
  const decided = decideLanguage(choice, navigator.userAgent, navigator.languages)
  const language = translations.offered.includes(decided) ? decided : (translations.offered[0] ?? decided)
  return translations.show(language).catch(() => undefined)
}
