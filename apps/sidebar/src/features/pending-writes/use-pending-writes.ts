import { useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'

import { useFailureWords, toSupportCode } from '../../platform/failure-words.ts'
import { useI18n } from '../../platform/i18n.ts'
import { usePanelApi } from '../../platform/panel-api.ts'
import { useServices } from '../../platform/services.ts'
import { createPendingWrites, type PendingWrite } from './pending-writes.ts'
import type { PendingState } from './pending-state.ts'

/** Opens the list once for the whole panel. @returns null in a browser that keeps nothing: there is nowhere to wait */
export function usePendingWrites(): PendingState | null {
  const { api, memory, pending, toasts } = useServices()
  const panelApi = usePanelApi()
  const queries = useQueryClient()
  const { t } = useI18n()
  const words = useFailureWords()
  if (pending.value || !memory) return pending.value

  const waiting = shallowRef<readonly PendingWrite[]>([])
  const askAgain = ({ externalUserId }: PendingWrite) => {
    for (const name of ['context', 'notes', 'follow-ups', 'timeline', 'tag-care'])
      void queries.invalidateQueries({ queryKey: [name, externalUserId] })
  }
  const writes = createPendingWrites({
    memory,
    send: (write) =>
      write.kind === 'tags'
        ? api.markTags(write.externalUserId, write.change)
        : panelApi.writeNote(write.externalUserId, write.note),
    onChange: (list) => {
      waiting.value = list
    },
    onDone: askAgain,
    onRefused: (write, error) => {
      const text = t('pending.refused', { what: write.what, cause: words(error).title })
      toasts.show({ tone: 'bad', text, code: toSupportCode(error) })
      askAgain(write)
    },
  })
  window.addEventListener('online', () => void writes.flush())
  window.addEventListener('focus', () => void writes.flush())
  void writes.flush()
  pending.value = { writes, waiting }
  return pending.value
}
