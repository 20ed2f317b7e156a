import type { CheckId, Locale } from '@guidebar/contracts'

import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'
import { zhTW } from './zh-TW.ts'

/** The same keys in every language. */
type Widen<T> = T extends string ? string : { [K in keyof T]: Widen<T[K]> }
export type DoctorWords = Widen<typeof zhCN>
type FindingWords = { cause: string; fix?: string }

/** What a check can find: its own findings, and those that all share. */
export type FindingOf<Id extends CheckId> = Exclude<keyof DoctorWords[Id], 'title'> & string
export type CommonFinding = keyof DoctorWords['common']
export type Values = Record<string, string | number>

const words: Record<Locale, DoctorWords> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }

export const titleOf = (locale: Locale, id: CheckId): string => words[locale][id].title

/** @param finding one of the check's own, or of those that all share */
export function findingWords(locale: Locale, id: CheckId, finding: string, values: Values): FindingWords {
  const own = words[locale][id] as unknown as Record<string, FindingWords>
  const shared = words[locale].common as Record<string, FindingWords>
  const { cause = finding, fix } = own[finding] ?? shared[finding] ?? {}
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
  return { cause: fill(cause), ...(fix !== undefined && { fix: fill(fix) }) }
}
