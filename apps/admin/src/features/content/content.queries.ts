import type { ContentKind } from '@guidebar/contracts'
import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

export const contentKey = (kind: ContentKind) => ['content', kind] as const

export const contentItemQuery = (kind: ContentKind, itemId: string | null) =>
  queryOptions({
    queryKey: [...contentKey(kind), 'item', itemId],
    queryFn: ({ signal }) => api.getContent(kind, itemId ?? '', { signal }),
    enabled: itemId !== null,
    // What is being written is not replaced behind somebody's back; saving says when somebody else was faster.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })

export const versionsQuery = (kind: ContentKind, itemId: string) =>
  queryOptions({
    queryKey: [...contentKey(kind), 'versions', itemId],
    queryFn: ({ signal }) => api.getContentVersions(kind, itemId, { signal }),
  })

export const foldersQuery = (kind: ContentKind) =>
  queryOptions({
    queryKey: [...contentKey(kind), 'folders'],
    queryFn: ({ signal }) => api.getFolders(kind, { signal }),
  })

export const settingQuery = queryOptions({
  queryKey: ['content-setting'],
  queryFn: ({ signal }) => api.getContentSetting({ signal }),
})

export const coverageQuery = queryOptions({
  queryKey: ['content-variables'],
  queryFn: ({ signal }) => api.getVariableCoverage({ signal }),
  staleTime: 60_000,
})
