import { useQueryClient } from '@tanstack/vue-query'

/** After notes or promises changed: what shows them asks again, the next action too. */
export function useNoteChanges(externalUserId: string) {
  const queries = useQueryClient()
  return (): void => {
    for (const name of ['notes', 'follow-ups', 'timeline', 'context', 'tag-care'])
      void queries.invalidateQueries({ queryKey: [name, externalUserId] })
  }
}
