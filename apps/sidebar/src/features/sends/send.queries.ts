import type { SidebarApi, Target } from '@guidebar/api-client'
import { queryOptions } from '@tanstack/vue-query'

import { toTargetKey } from '../customer/context.queries.ts'

/** What was sent from the panel to this target and what came of it; looked at every 15 s while somebody looks. */
export const sendsQuery = (api: SidebarApi, target: Target) =>
  queryOptions({
    queryKey: ['sends', toTargetKey(target)],
    queryFn: ({ signal }) => api.getSends(target, { signal }),
    staleTime: 10_000,
    refetchInterval: 15_000,
  })
