export type ThemeChoice = 'auto' | 'light' | 'dark'
const storedName = 'guidebar.theme'

/** The guide's own choice, then what the client says in its user agent, then the system. */
export function decideTheme(choice: ThemeChoice, userAgent: string, systemIsDark: boolean): 'light' | 'dark' {
  if (choice !== 'auto') return choice
  const token = /ColorScheme\/(Dark|Light)/i.exec(userAgent)?.[1]
  if (token) return token.toLowerCase() === 'dark' ? 'dark' : 'light'
  return systemIsDark ? 'dark' : 'light'
}

export function readThemeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storedName)
    return stored === 'light' || stored === 'dark' ? stored : 'auto'
  } catch {
    return 'auto'
  }
}

export function saveThemeChoice(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storedName, choice)
  } catch {
    // A browser that keeps nothing still changes the theme until it is closed.
  }
  applyTheme(choice)
}

export function applyTheme(choice: ThemeChoice = readThemeChoice()): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  document.documentElement.dataset['theme'] = decideTheme(choice, navigator.userAgent, system.matches)
}
