import type { PanelApi } from '@guidebar/api-client/panel'
import type { TimelineKind, TimelinePage } from '@guidebar/contracts'
import { infiniteQueryOptions } from '@tanstack/vue-query'

export const timelineKey = (externalUserId: string) => ['timeline', externalUserId]

/** What a guide filters by; `all` leaves nothing out. */
export const timelineFilters = {
  all: undefined,
  sent: ['sent', 'opened'],
  bought: ['bought', 'matched'],
  noted: ['noted', 'follow_up_set', 'follow_up_done'],
  tagged: ['tagged', 'untagged', 'remark_changed', 'description_changed'],
  moved: [
    'added',
    'restored',
    'ended',
    'customer_left',
    'customer_returned',
    'transferred',
    'source_changed',
    'contact_preferences_changed',
  ],
} satisfies Record<string, TimelineKind[] | undefined>
export type TimelineFilter = keyof typeof timelineFilters

export const timelineQuery = (api: PanelApi, externalUserId: string, filter: TimelineFilter) =>
  infiniteQueryOptions({
    queryKey: [...timelineKey(externalUserId), filter],
    queryFn: ({ signal, pageParam }) =>
      api.getTimeline(externalUserId, { kinds: timelineFilters[filter], before: pageParam, limit: 20, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: TimelinePage) => next ?? undefined,
    staleTime: 10_000,
  })
