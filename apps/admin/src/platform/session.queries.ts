import { ApiError } from '@guidebar/api-client'
import { queryOptions } from '@tanstack/vue-query'

import { api } from './api.ts'

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.getMe({ signal }),
  retry: false,
})

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}
