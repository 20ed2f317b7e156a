import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

export const isRunning = (phase: string | undefined): boolean =>
  phase !== undefined && !['idle', 'done', 'failed'].includes(phase)

/** How far the newest sync is: each second while it runs. */
export const syncQuery = queryOptions({
  queryKey: ['sync'],
  queryFn: ({ signal }) => api.getSync({ signal }),
  refetchInterval: ({ state }) => (isRunning(state.data?.phase) ? 1_000 : 15_000),
})
export const budgetQuery = queryOptions({
  queryKey: ['api-budget'],
  queryFn: ({ signal }) => api.getApiBudget({ signal }),
  refetchInterval: 15_000,
})
export const callbacksQuery = queryOptions({
  queryKey: ['callbacks'],
  queryFn: ({ signal }) => api.getCallbacks({ signal }),
  refetchInterval: 15_000,
})
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => api.listJobKinds({ signal }),
  refetchInterval: 15_000,
})
