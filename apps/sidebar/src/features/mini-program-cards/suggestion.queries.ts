import type { Target } from '@guidebar/api-client'
import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

import { toTargetKey } from '../customer/context.queries.ts'

/** Which cards to show first here. Kept for the visit: a list that reorders itself under a finger sends the wrong card. */
export const suggestionsQuery = (panel: PanelApi, target: Target) =>
  queryOptions({
    queryKey: ['card-suggestions', toTargetKey(target)],
    queryFn: ({ signal }) => panel.suggestCards(target, { signal }),
    staleTime: 300_000,
    retry: false,
  })
