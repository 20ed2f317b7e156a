import type { SendSource, SendView } from '@guidebar/contracts'

/** What sends it again. What a browser remembers from an older version knows its card alone. */
export function sourceOf({ source, cardId }: Omit<SendView, 'source'> & Partial<Pick<SendView, 'source'>>) {
  return source ?? (cardId ? ({ type: 'card', cardId } satisfies SendSource) : null)
}
