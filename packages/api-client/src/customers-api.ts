import type {
  AddTagGroup,
  AdminTagLibrary,
  CustomerCount,
  CustomerDetail,
  CustomerExportList,
  CustomerExportView,
  CustomerFilter,
  CustomerPage,
  CustomerPhones,
  CustomerSelection,
  ExplainSegment,
  MergeTags,
  SaveSegment,
  SegmentChoices,
  SegmentDefinition,
  SegmentExplanation,
  SegmentList,
  SegmentPreview,
  SegmentView,
  StartExport,
  StartTagBatch,
  TagBatchForecast,
  TagBatchPage,
  TagBatchRowPage,
  TagBatchView,
  TagDirection,
  TimelinePage,
} from '@guidebar/contracts'

import type { CallOptions, Request } from './request.ts'

type PageOptions = CallOptions & { before?: string; limit?: number }

const segment = encodeURIComponent
const toPage = ({ before, limit }: PageOptions) => ({ before, limit: limit?.toString() })
/** Files are fetched by the browser itself. */
export const exportFileUrl = (exportId: string): string => `/api/admin/customer-exports/${segment(exportId)}/file`

/** The admin's calls about customers, segments, batches, exports and tags. */
export function createCustomersApi(request: Request) {
  const root = '/api/admin'
  const customer = (externalUserId: string) => `${root}/customers/${segment(externalUserId)}`
  const group = (groupId: string) => `${root}/tag-groups/${segment(groupId)}`
  const tag = (tagId: string) => `${root}/tags/${segment(tagId)}`
  return {
    listCustomers: ({ signal, before, limit, ...filter }: CustomerFilter & PageOptions = {}) =>
      request<CustomerPage>(`${root}/customers`, { signal, query: { ...filter, ...toPage({ before, limit }) } }),
    countCustomers: ({ signal, ...filter }: CustomerFilter & CallOptions = {}) =>
      request<CustomerCount>(`${root}/customers/count`, { signal, query: filter }),
    getCustomerChoices: (options?: CallOptions) => request<SegmentChoices>(`${root}/customers/choices`, options),
    getCustomer: (externalUserId: string, options?: CallOptions) =>
      request<CustomerDetail>(customer(externalUserId), options),
    getCustomerTimeline: (externalUserId: string, { signal, ...page }: PageOptions = {}) =>
      request<TimelinePage>(`${customer(externalUserId)}/timeline`, { signal, query: toPage(page) }),
    /** Goes on record. */
    revealPhones: (externalUserId: string) =>
      request<CustomerPhones>(`${customer(externalUserId)}/phones`, { method: 'POST' }),

    listSegments: (options?: CallOptions) => request<SegmentList>(`${root}/segments`, options),
    previewSegment: (definition: SegmentDefinition, { signal }: CallOptions = {}) =>
      request<SegmentPreview>(`${root}/segments/preview`, { method: 'POST', body: { definition }, signal }),
    explainSegment: (question: ExplainSegment) =>
      request<SegmentExplanation>(`${root}/segments/explain`, { method: 'POST', body: question }),
    /** @throws ApiError CONFLICT when the name is taken, or somebody has changed it meanwhile */
    saveSegment: (segmentId: string | null, saved: SaveSegment) =>
      segmentId === null
        ? request<SegmentView>(`${root}/segments`, { method: 'POST', body: saved })
        : request<SegmentView>(`${root}/segments/${segment(segmentId)}`, { method: 'PUT', body: saved }),
    removeSegment: (segmentId: string) => request<void>(`${root}/segments/${segment(segmentId)}`, { method: 'DELETE' }),

    forecastTagBatch: (selection: CustomerSelection, { signal }: CallOptions = {}) =>
      request<TagBatchForecast>(`${root}/tag-batches/forecast`, { method: 'POST', body: { selection }, signal }),
    startTagBatch: (batch: StartTagBatch) =>
      request<TagBatchView>(`${root}/tag-batches`, { method: 'POST', body: batch }),
    listTagBatches: ({ signal, ...page }: PageOptions = {}) =>
      request<TagBatchPage>(`${root}/tag-batches`, { signal, query: toPage(page) }),
    getTagBatch: (batchId: string, options?: CallOptions) =>
      request<TagBatchView>(`${root}/tag-batches/${segment(batchId)}`, options),
    listTagBatchRows: (batchId: string, { signal, state, ...page }: PageOptions & { state?: string } = {}) =>
      request<TagBatchRowPage>(`${root}/tag-batches/${segment(batchId)}/rows`, {
        signal,
        query: { state, ...toPage(page) },
      }),
    stopTagBatch: (batchId: string) =>
      request<TagBatchView>(`${root}/tag-batches/${segment(batchId)}/stop`, { method: 'POST' }),
    undoTagBatch: (batchId: string) =>
      request<TagBatchView>(`${root}/tag-batches/${segment(batchId)}/undo`, { method: 'POST' }),
    mergeTags: (merge: MergeTags) => request<TagBatchView>(`${root}/tag-merges`, { method: 'POST', body: merge }),

    listExports: (options?: CallOptions) => request<CustomerExportList>(`${root}/customer-exports`, options),
    startExport: (wanted: StartExport) =>
      request<CustomerExportView>(`${root}/customer-exports`, { method: 'POST', body: wanted }),

    getAdminTags: (options?: CallOptions) => request<AdminTagLibrary>(`${root}/tags`, options),
    addTagGroup: (added: AddTagGroup) =>
      request<AdminTagLibrary>(`${root}/tag-groups`, { method: 'POST', body: added }),
    addTags: (groupId: string, tagNames: string[]) =>
      request<AdminTagLibrary>(`${group(groupId)}/tags`, { method: 'POST', body: { tagNames } }),
    renameTagGroup: (groupId: string, name: string) =>
      request<AdminTagLibrary>(group(groupId), { method: 'PUT', body: { name } }),
    renameTag: (tagId: string, name: string) => request<AdminTagLibrary>(tag(tagId), { method: 'PUT', body: { name } }),
    orderTagGroups: (ids: string[]) =>
      request<AdminTagLibrary>(`${root}/tag-groups/order`, { method: 'PUT', body: { ids } }),
    orderTags: (groupId: string, ids: string[]) =>
      request<AdminTagLibrary>(`${group(groupId)}/order`, { method: 'PUT', body: { ids } }),
    removeTagGroup: (groupId: string) => request<AdminTagLibrary>(group(groupId), { method: 'DELETE' }),
    removeTag: (tagId: string) => request<AdminTagLibrary>(tag(tagId), { method: 'DELETE' }),
    setTagSensitivity: (groupId: string, isSensitive: boolean) =>
      request<AdminTagLibrary>(`${group(groupId)}/sensitivity`, { method: 'PUT', body: { isSensitive } }),
    setTagDirection: (tagId: string, direction: TagDirection) =>
      request<AdminTagLibrary>(`${tag(tagId)}/direction`, { method: 'PUT', body: { direction } }),
  }
}
