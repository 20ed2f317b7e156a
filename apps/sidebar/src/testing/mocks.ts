import { vi } from 'vitest'

/** A call that always gives this answer. */
export const answering = <Answer>(answer: Answer) => vi.fn<(...args: unknown[]) => Promise<Answer>>(async () => answer)

/** A call that always fails like this. */
export const refusing = (error: Error) =>
  vi.fn<(...args: unknown[]) => Promise<never>>(async () => {
    throw error
  })
