import type { CheckId, Locale } from '@guidebar/contracts'
import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

/** What the doctor says of everything, or of some checks; looked at anew while somebody reads it. */
export const doctorQuery = (lang: string, ids: readonly CheckId[] = [], everyMs = 20_000) =>
  queryOptions({
    queryKey: ['doctor', lang, ...ids],
    queryFn: ({ signal }) =>
      api.examine({ lang: lang as Locale, ...(ids.length > 0 && { ids: ids.join(',') }) }, { signal }),
    refetchInterval: everyMs,
    staleTime: 0,
  })
