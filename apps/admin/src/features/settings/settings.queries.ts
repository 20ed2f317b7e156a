import type { ContactRules, PanelSettings } from '@guidebar/contracts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => api.getSettings({ signal }),
})
export const paceQuery = queryOptions({
  queryKey: ['contact-rules'],
  queryFn: ({ signal }) => api.getContactRules({ signal }),
})

export function useSaveSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: PanelSettings) => api.saveSettings(wanted),
    onSuccess: (saved) => queries.setQueryData(settingsQuery.queryKey, saved),
  })
}

export function useSavePace() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: ContactRules) => api.saveContactRules(wanted),
    onSuccess: (saved) => queries.setQueryData(paceQuery.queryKey, saved),
  })
}
