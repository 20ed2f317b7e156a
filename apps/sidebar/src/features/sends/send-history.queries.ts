import type { Target } from '@guidebar/api-client'
import type { PanelApi } from '@guidebar/api-client/panel'
import { infiniteQueryOptions } from '@tanstack/vue-query'

import { toTargetKey } from '../customer/context.queries.ts'

const pageSize = 20

/** Everything that was sent to this target; asked for again, as the first ones are, after each send. */
export const sendHistoryQuery = (panel: PanelApi, target: Target) =>
  infiniteQueryOptions({
    queryKey: ['sends', toTargetKey(target), 'history'],
    queryFn: ({ pageParam, signal }) => panel.getSendHistory(target, { before: pageParam, limit: pageSize, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 10_000,
  })
