import { ApiError, type SidebarApi, type Target } from '@guidebar/api-client'
import type { RelationView, SidebarContext } from '@guidebar/contracts'
import { queryOptions, type QueryClient } from '@tanstack/vue-query'

export const toTargetKey = (target: Target) => target.externalUserId ?? target.chatId

/** Everything the first screen needs. Asked again when the guide comes back to the panel. */
export const contextQuery = (api: SidebarApi, target: Target) =>
  queryOptions({
    queryKey: ['context', toTargetKey(target)],
    queryFn: ({ signal }) => api.getContext(target, { signal }),
    staleTime: 15_000,
  })

export const tagGroupsQuery = (api: SidebarApi) =>
  queryOptions({
    queryKey: ['tag-groups'],
    queryFn: ({ signal }) => api.getTagGroups({ signal }),
    staleTime: 300_000,
  })

/** Writes a changed relation into the context on screen. */
export function putRelation(
  queries: QueryClient,
  externalUserId: string,
  change: (relation: RelationView) => RelationView,
): void {
  queries.setQueryData<SidebarContext>(['context', externalUserId], (context) =>
    context?.relation ? { ...context, relation: change(context.relation) } : context,
  )
}

/** A write that WeCom did not answer says more than the last read: what is on screen is old from now on. */
export function noteWecomUnreachable(queries: QueryClient, externalUserId: string, error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'WECOM_UNAVAILABLE') return
  queries.setQueryData<SidebarContext>(['context', externalUserId], (context) =>
    context ? { ...context, wecomReachable: false } : context,
  )
}
