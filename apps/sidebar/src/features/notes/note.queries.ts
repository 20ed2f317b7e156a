import type { PanelApi } from '@guidebar/api-client/panel'
import type { NotePage } from '@guidebar/contracts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/vue-query'

const notesKey = (externalUserId: string) => ['notes', externalUserId]
export const followUpsKey = (externalUserId: string) => ['follow-ups', externalUserId]

export const notesQuery = (api: PanelApi, externalUserId: string) =>
  infiniteQueryOptions({
    queryKey: notesKey(externalUserId),
    queryFn: ({ signal, pageParam }) => api.getNotes(externalUserId, { before: pageParam, limit: 10, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: NotePage) => next ?? undefined,
    staleTime: 15_000,
  })

/** What is open with this customer; more than one page of them nobody keeps. */
export const followUpsQuery = (api: PanelApi, externalUserId: string) =>
  queryOptions({
    queryKey: followUpsKey(externalUserId),
    queryFn: ({ signal }) => api.getFollowUps({ externalUserId, limit: 20, signal }),
    staleTime: 15_000,
  })
