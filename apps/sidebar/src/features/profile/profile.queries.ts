import type { PanelApi } from '@guidebar/api-client/panel'
import type { CustomerProfileView, SidebarContext } from '@guidebar/contracts'
import { queryOptions, useQueryClient } from '@tanstack/vue-query'

const profileKey = (externalUserId: string) => ['profile', externalUserId]

export const profileQuery = (api: PanelApi, externalUserId: string) =>
  queryOptions({
    queryKey: profileKey(externalUserId),
    queryFn: ({ signal }) => api.getProfile(externalUserId, { signal }),
    staleTime: 30_000,
  })

/** Puts a changed profile where it is shown: in its own place and at the head of the panel. */
export function usePutProfile(externalUserId: string) {
  const queries = useQueryClient()
  return (profile: CustomerProfileView): void => {
    queries.setQueryData(profileKey(externalUserId), profile)
    const { tier, memberNo, doNotDisturb, openTracking } = profile
    queries.setQueryData<SidebarContext>(['context', externalUserId], (context) =>
      context
        ? {
            ...context,
            profile: { tier, memberNo, doNotDisturb, openTracking },
            meter: context.meter && { ...context.meter, doNotDisturb },
          }
        : context,
    )
    void queries.invalidateQueries({ queryKey: ['timeline', externalUserId] })
  }
}
