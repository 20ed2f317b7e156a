import type { SidebarContext } from '@guidebar/contracts'
import { useQueryClient } from '@tanstack/vue-query'

/** After something was done about a customer: the line shows nothing until the server has said what is next. */
export function useForgetAction(externalUserId: string) {
  const queries = useQueryClient()
  return (): void => {
    queries.setQueryData<SidebarContext>(['context', externalUserId], (context) =>
      context ? { ...context, nextAction: null } : context,
    )
    void queries.invalidateQueries({ queryKey: ['context', externalUserId] })
  }
}
