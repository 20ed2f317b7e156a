import type { SidebarApi } from '@guidebar/api-client'
import type { QuickReplyLibrary, QuickReplyView } from '@guidebar/contracts'
import { queryOptions, type QueryClient } from '@tanstack/vue-query'

export const repliesQuery = (api: SidebarApi) =>
  queryOptions({
    queryKey: ['quick-replies'],
    queryFn: ({ signal }) => api.getQuickReplies({ signal }),
    staleTime: 60_000,
  })

/** Puts a saved reply into the list at once; the next answer of the server settles its place. */
export function putReply(queries: QueryClient, saved: QuickReplyView): void {
  queries.setQueryData<QuickReplyLibrary>(['quick-replies'], (library) => {
    if (!library) return library
    const known = library.replies.some((reply) => reply.id === saved.id)
    const replies = known
      ? library.replies.map((reply) => (reply.id === saved.id ? saved : reply))
      : [saved, ...library.replies]
    return { ...library, replies }
  })
  void queries.invalidateQueries({ queryKey: ['quick-replies'] })
}

export function dropReply(queries: QueryClient, replyId: string): void {
  queries.setQueryData<QuickReplyLibrary>(['quick-replies'], (library) =>
    library ? { ...library, replies: library.replies.filter((reply) => reply.id !== replyId) } : library,
  )
  void queries.invalidateQueries({ queryKey: ['quick-replies'] })
}
