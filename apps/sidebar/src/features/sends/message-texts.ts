import type { ReplyPart } from '@guidebar/contracts'
import { messageLimits, utf8Bytes } from '@guidebar/contracts/limits'
import {
  findBlanks,
  isUnfilled,
  parseReply,
  renderReply,
  valueOf,
  type ReplyVariable,
} from '@guidebar/contracts/reply-template'
import { computed, reactive } from 'vue'

import type { ReplyValues } from '../quick-replies/reply-text.ts'

/** One piece of a text as it stands in the preview: words, or a place to fill in. */
export type TextPiece = { words: string } | { blank: number; label: string }

/**
 * The words of each text part on their way out: variables filled in, blanks filled by hand, or written anew as a whole.
 * A variable that nobody knows a value for is a blank, so that it cannot leave a hole in the message.
 */
export function useMessageTexts(parts: ReplyPart[], values: ReplyValues, nameOf: (name: ReplyVariable) => string) {
  const templates = parts.map((part) => (part.type === 'text' ? blankUnknown(part.text, values, nameOf) : ''))
  const filled = reactive(templates.map((template) => findBlanks(template).map(() => '')))
  const rewritten = reactive<(string | null)[]>(templates.map(() => null))

  const texts = computed(() =>
    templates.map((template, at) => rewritten[at] ?? renderReply(template, values, filled[at] ?? [])),
  )
  const bytes = computed(() => texts.value.map(utf8Bytes))
  const complete = computed(() =>
    parts.every((part, at) => {
      const text = texts.value[at] ?? ''
      return part.type !== 'text' || (text.trim() !== '' && !isUnfilled(text))
    }),
  )
  return {
    texts,
    bytes,
    /** Nothing is missing and nothing is too long. */
    ready: computed(() => complete.value && bytes.value.every((count) => count <= messageLimits.textBytes)),
    /** Labels of what is still to be filled in, each once. */
    missing: computed(() => [...new Set(texts.value.flatMap(findBlanks))]),
    /** null when the part was written anew: then there are no places any more. */
    pieces: (at: number): TextPiece[] | null => (rewritten[at] === null ? toPieces(templates[at] ?? '', values) : null),
    filled,
    rewrite: (at: number, text: string) => {
      rewritten[at] = text
    },
  }
}

function blankUnknown(text: string, values: ReplyValues, nameOf: (name: ReplyVariable) => string): string {
  return parseReply(text)
    .map((token) => {
      if (token.type === 'words') return token.words
      if (token.type === 'blank') return `[[${token.label}]]`
      return valueOf(token.name, values) || token.fallback || `[[${nameOf(token.name)}]]`
    })
    .join('')
}

function toPieces(template: string, values: ReplyValues): TextPiece[] {
  let blank = 0
  return parseReply(template).map((token) => {
    if (token.type === 'blank') return { blank: blank++, label: token.label }
    return { words: token.type === 'words' ? token.words : renderReply(`{{${token.name}}}`, values) }
  })
}

/** The fallbacks that stand in for a value nobody knows. */
export function usedFallbacks(text: string, values: ReplyValues): string[] {
  return parseReply(text).flatMap((token) =>
    token.type === 'variable' && !values[token.name] && token.fallback ? [token.fallback] : [],
  )
}
