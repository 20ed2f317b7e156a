import { ApiError } from '@guidebar/api-client'
import type { Right } from '@guidebar/contracts'
import { queryOptions, useQuery } from '@tanstack/vue-query'

import { api } from './api.ts'
import { isAllowed } from './features.ts'

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.getMe({ signal }),
  retry: false,
  staleTime: 60_000,
})

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

/** What the signed-in admin may do: buttons that would be refused are not shown. */
export function useRights() {
  const { data: me } = useQuery(meQuery)
  return { me, may: (right: Right) => isAllowed(me.value?.may, right) }
}
