import type { GiveRole, PersonView, SaveStore } from '@guidebar/contracts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: ({ signal }) => api.getDepartments({ signal }),
})

/** Gives or takes a role; lists of people are read again. */
export function useSetRole() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ userId, role }: { userId: string; role: GiveRole | null }): Promise<PersonView> =>
      role ? api.giveRole(userId, role) : api.takeRole(userId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
}

export function useSaveStore() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ departmentId, store }: { departmentId: number; store: SaveStore }) =>
      api.saveStore(departmentId, store),
    onSuccess: () => queries.invalidateQueries({ queryKey: departmentsQuery.queryKey }),
  })
}
