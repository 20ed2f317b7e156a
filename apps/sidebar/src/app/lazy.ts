import { defineAsyncComponent, type Component } from 'vue'

import type { Translations } from '../platform/i18n.ts'
import { loadLaterStyle } from './later-style.ts'
import LoadFailure from './LoadFailure.vue'

/** A part that is fetched, with its words and looks, when it is first needed; tried twice, then the reader is told. */
export function lazy<T extends Component>(
  { complete }: Pick<Translations, 'complete'>,
  load: () => Promise<{ default: T }>,
  loadingComponent?: Component,
): T {
  return defineAsyncComponent<T>({
    loader: async () => (await Promise.all([load(), complete(), loadLaterStyle()]))[0].default as never,
    loadingComponent,
    errorComponent: LoadFailure,
    onError: (_error, retry, fail, attempts) => (attempts < 2 ? retry() : fail()),
  })
}
