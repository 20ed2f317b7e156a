import type { Language } from './i18n.ts'

/** Each language in its own words, so that nobody has to read the wrong one to find the right one. */
export const languageNames: Record<Language, string> = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' }
