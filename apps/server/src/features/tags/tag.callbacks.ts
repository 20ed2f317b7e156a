import type { CallbackHandler, CallbackHandlers } from '../callbacks/callback-handlers.ts'
import type { TagService } from './tag.service.ts'

/** Whatever happens to tags or their order, the list is short: it is read again as a whole. */
export function tagCallbacks(tags: TagService): CallbackHandlers {
  const library: CallbackHandler<unknown> = {
    subjectOf: () => 'tags',
    async handle({ corp }) {
      await tags.refresh(corp)
    },
  }
  return {
    'change_external_tag.create': library,
    'change_external_tag.update': library,
    'change_external_tag.delete': library,
    'change_external_tag.shuffle': library,
  }
}
