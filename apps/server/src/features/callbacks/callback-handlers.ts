import type { WecomEventName, WecomEventOf } from '@guidebar/wecom'

import type { Corp } from '../../platform/deps.ts'

/** One kept event, opened again. */
export type ReceivedEvent<E> = { name: WecomEventName; event: E; happenedAt: Date }

/**
 * What a feature does about events. Events with the same subject that wait at the same time are handled in one go:
 * an event is only a hint that something should be read again, so ten of them need one read.
 */
export type CallbackHandler<E> = {
  /** Whom or what the event is about: equal for events that one read answers. */
  subjectOf(event: E): string
  /** Safe to repeat. @throws to be called again later, with growing pauses */
  handle(batch: { corp: Corp; subject: string; events: ReceivedEvent<E>[] }): Promise<void>
}

/** Typed by name: `Event.ChangeType`. */
export type CallbackHandlers = { [N in WecomEventName]?: CallbackHandler<WecomEventOf<N>> }
