import type { PanelApi } from '@guidebar/api-client/panel'

import type { Language } from './i18n.ts'

const storedName = 'guidebar.toldLanguage'

/**
 * Tells the server in which language this guide reads, once for each change: messages of the application come when no
 * panel is open. Never rejects; what could not be told is told the next time.
 */
export async function tellLanguage(api: Pick<PanelApi, 'saveLanguage'>, userId: string, language: Language) {
  const mark = `${userId}/${language}`
  try {
    const told = localStorage.getItem(storedName)
    // Whoever never read anything else need not be asked about.
    if (told === mark || (told === null && language === 'zh-CN')) return
    await api.saveLanguage({ language })
    localStorage.setItem(storedName, mark)
  } catch {
    // A browser that keeps nothing tells it again each time.
  }
}
