import type { TagSuggestion } from '@guidebar/contracts'

type Translate = (key: string, values?: Record<string, string | number>) => string

/** What speaks for a suggested tag, as a sentence. */
export function toReasonWords(
  t: Translate,
  day: (iso: string) => string,
  { reason, words, at }: TagSuggestion,
): string {
  return t(`tagCare.${reason}`, { words, day: at ? day(at) : '' })
}
