import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

export const stockQuery = (panel: PanelApi, sku: string) =>
  queryOptions({
    queryKey: ['stock', sku],
    queryFn: ({ signal }) => panel.getStock(sku, { signal }),
    staleTime: 30_000,
  })
