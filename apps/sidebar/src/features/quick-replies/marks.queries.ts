import type { PanelApi } from '@guidebar/api-client/panel'
import { queryOptions } from '@tanstack/vue-query'

/** What helps to rank and to tidy the replies. It may be missing: the replies are there without it. */
export const replyMarksQuery = (panel: PanelApi) =>
  queryOptions({
    queryKey: ['reply-marks'],
    queryFn: ({ signal }) => panel.getReplyMarks({ signal }),
    staleTime: 60_000,
    retry: false,
  })
