import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

/** One page as our lists answer: rows, and where the next page begins. */
export type Page<Row> = { rows: Row[]; next: string | null }

/**
 * A list that is read page by page, each from where the one before ended. Give its parts to `DataTable`.
 * @param key names the list together with everything it is filtered by
 */
export function usePagedList<Row>(
  key: MaybeRefOrGetter<readonly unknown[]>,
  load: (place: { before?: string; signal: AbortSignal }) => Promise<Page<Row>>,
) {
  const { data, error, fetchNextPage, refetch, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: computed(() => toValue(key)),
    queryFn: ({ pageParam, signal }) => load({ before: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return {
    rows: computed(() => data.value?.pages.flatMap(({ rows }) => rows)),
    error,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => fetchNextPage(),
    reload: () => refetch(),
  }
}
