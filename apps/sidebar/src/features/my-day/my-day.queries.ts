import type { PanelApi } from '@guidebar/api-client/panel'
import { infiniteQueryOptions, queryOptions } from '@tanstack/vue-query'

/** Everything of a guide's day is asked for again after a send, which may have changed any of it. */
export const myDayKey = ['my-day'] as const
const pageSize = 20
const first = undefined as string | undefined

export const todosQuery = (panel: PanelApi) =>
  infiniteQueryOptions({
    queryKey: [...myDayKey, 'todos'],
    queryFn: ({ pageParam, signal }) => panel.getMyDay({ before: pageParam, limit: pageSize, signal }),
    initialPageParam: first,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 30_000,
  })

export const tasksQuery = (panel: PanelApi) =>
  infiniteQueryOptions({
    queryKey: [...myDayKey, 'tasks'],
    queryFn: ({ pageParam, signal }) => panel.getGuideTasks({ before: pageParam, limit: pageSize, signal }),
    initialPageParam: first,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 30_000,
  })

/** Tasks that name the customer of this chat. */
export const tasksHereQuery = (panel: PanelApi, externalUserId: string | undefined) =>
  queryOptions({
    queryKey: [...myDayKey, 'tasks-here', externalUserId],
    queryFn: ({ signal }) => panel.getGuideTasks({ externalUserId, signal }),
    enabled: externalUserId !== undefined,
    staleTime: 30_000,
  })

export const taskCustomersQuery = (panel: PanelApi, taskId: string) =>
  infiniteQueryOptions({
    queryKey: [...myDayKey, 'task-customers', taskId],
    queryFn: ({ pageParam, signal }) => panel.getTaskCustomers(taskId, { before: pageParam, limit: pageSize, signal }),
    initialPageParam: first,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 15_000,
  })

export const resultsQuery = (panel: PanelApi) =>
  queryOptions({
    queryKey: [...myDayKey, 'results'],
    queryFn: ({ signal }) => panel.getResults({ signal }),
    staleTime: 30_000,
  })
