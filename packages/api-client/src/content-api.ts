import type {
  AnyContent,
  BulkContent,
  BulkResult,
  ContentFindings,
  ContentItem,
  ContentKind,
  ContentPage,
  ContentRules,
  ContentSetting,
  ContentVersions,
  CreateContent,
  FolderList,
  ImportRowPage,
  ImportVerdict,
  KeptFile,
  KeptMedia,
  LinkProgram,
  MapReplyImport,
  OrderFolders,
  RenameFolder,
  ReplyImportList,
  ReplyImportView,
  RollBackContent,
  SaveContent,
  TakeContentStep,
  VariableCoverage,
  WordLocale,
} from '@guidebar/contracts'

import type { PageOptions } from './panel-api.ts'
import type { CallOptions, Request } from './request.ts'

export type ContentFilters = {
  q?: string
  scope?: string
  storeId?: string
  folder?: string
  state?: string
  expiry?: string
  unused?: 'yes'
}

const root = '/api/admin'
const segment = encodeURIComponent
/** A file of thousands of rows is judged while one waits. */
const longMs = 60_000

/** Where admins write what guides send. */
export function createContentApi(request: Request) {
  const kindPath = (kind: ContentKind) => `${root}/content/${kind}`
  const item = (kind: ContentKind, id: string) => `${kindPath(kind)}/${segment(id)}`
  const one = (importId: string) => `${root}/reply-imports/${segment(importId)}`
  return {
    listContent: (kind: ContentKind, { before, limit, signal, ...filters }: PageOptions & ContentFilters) =>
      request<ContentPage>(kindPath(kind), { query: { ...filters, before, limit: limit?.toString() }, signal }),
    getContent: <K extends ContentKind>(kind: K, id: string, options?: CallOptions) =>
      request<ContentItem<K>>(item(kind, id), options),
    /** @throws ApiError CONFLICT when the name is taken */
    createContent: <K extends ContentKind>(kind: K, created: CreateContent<K>) =>
      request<ContentItem<K>>(kindPath(kind), { method: 'POST', body: created }),
    /** @throws ApiError CONFLICT when somebody changed it since `edit` */
    saveContent: <K extends ContentKind>(kind: K, id: string, saved: SaveContent<K>) =>
      request<ContentItem<K>>(item(kind, id), { method: 'PUT', body: saved }),
    /** What would fail in a chat; nothing is saved. */
    /** @param of the content, and the store it is for unless it is everybody's */
    checkContent: (
      kind: ContentKind,
      of: { content: AnyContent; storeId?: string },
      locale: WordLocale,
      options?: CallOptions,
    ) =>
      request<ContentFindings>(`${kindPath(kind)}/check`, {
        method: 'POST',
        query: { locale },
        body: of,
        ...options,
      }),
    /** @returns undefined when a draft that nobody had is gone */
    takeContentStep: <K extends ContentKind>(kind: K, id: string, step: TakeContentStep) =>
      request<ContentItem<K> | undefined>(`${item(kind, id)}/steps`, { method: 'POST', body: step }),
    getContentVersions: <K extends ContentKind>(kind: K, id: string, options?: CallOptions) =>
      request<ContentVersions<K>>(`${item(kind, id)}/versions`, options),
    rollBackContent: <K extends ContentKind>(kind: K, id: string, to: RollBackContent) =>
      request<ContentItem<K>>(`${item(kind, id)}/roll-back`, { method: 'POST', body: to }),
    bulkContent: (kind: ContentKind, bulk: BulkContent) =>
      request<BulkResult>(`${kindPath(kind)}/bulk`, { method: 'POST', body: bulk }),
    getFolders: (kind: ContentKind, options?: CallOptions) => request<FolderList>(`${kindPath(kind)}/folders`, options),
    orderFolders: (kind: ContentKind, order: OrderFolders) =>
      request<FolderList>(`${kindPath(kind)}/folders`, { method: 'PUT', body: order }),
    renameFolder: (kind: ContentKind, names: RenameFolder) =>
      request<FolderList>(`${kindPath(kind)}/folders/rename`, { method: 'POST', body: names }),

    getContentSetting: (options?: CallOptions) => request<ContentSetting>(`${root}/content-setting`, options),
    getVariableCoverage: (options?: CallOptions) => request<VariableCoverage>(`${root}/content-variables`, options),
    saveContentRules: (rules: ContentRules) =>
      request<ContentRules>(`${root}/content-rules`, { method: 'PUT', body: rules }),
    linkMiniProgram: (program: LinkProgram) => request<void>(`${root}/mini-programs`, { method: 'PUT', body: program }),
    /** @throws ApiError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE */
    keepMedia: (file: Blob, use: 'picture' | 'cover') =>
      request<KeptMedia>(`${root}/media`, { method: 'POST', query: { use }, file, timeoutMs: longMs }),

    /** @throws ApiError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE */
    keepFile: (file: Blob, name: string) =>
      request<KeptFile>(`${root}/media/files`, {
        method: 'POST',
        query: { name },
        file: new Blob([file], { type: 'application/octet-stream' }),
        timeoutMs: longMs,
      }),

    getReplyImports: (locale: WordLocale, options?: CallOptions) =>
      request<ReplyImportList>(`${root}/reply-imports`, { query: { locale }, ...options }),
    /** @throws ApiError BAD_REQUEST when it is no CSV, UNSUPPORTED_MEDIA_TYPE for a workbook */
    uploadReplyImport: (fileName: string, file: Blob, locale: WordLocale) =>
      request<ReplyImportView>(`${root}/reply-imports`, {
        method: 'POST',
        query: { fileName, locale },
        file: new Blob([file], { type: 'text/csv' }),
        timeoutMs: longMs,
      }),
    getReplyImport: (importId: string, locale: WordLocale, options?: CallOptions) =>
      request<ReplyImportView>(one(importId), { query: { locale }, ...options }),
    mapReplyImport: (importId: string, mapped: MapReplyImport, locale: WordLocale) =>
      request<ReplyImportView>(`${one(importId)}/mapping`, {
        method: 'PUT',
        query: { locale },
        body: mapped,
        timeoutMs: longMs,
      }),
    getReplyImportRows: (
      importId: string,
      { verdict, locale, before, limit, signal }: PageOptions & { verdict?: ImportVerdict; locale: WordLocale },
    ) =>
      request<ImportRowPage>(`${one(importId)}/rows`, {
        query: { verdict, locale, before, limit: limit?.toString() },
        signal,
      }),
    commitReplyImport: (importId: string, locale: WordLocale) =>
      request<ReplyImportView>(`${one(importId)}/commit`, { method: 'POST', query: { locale } }),
    undoReplyImport: (importId: string, locale: WordLocale) =>
      request<ReplyImportView>(`${one(importId)}/undo`, { method: 'POST', query: { locale } }),
    /** Address of a download. */
    rejectsUrl: (importId: string, locale: WordLocale) => `${one(importId)}/rejects?locale=${locale}`,
    /** @throws ApiError when one has to sign in again first */
    exportReplies: (filters: ContentFilters, locale: WordLocale) =>
      request<Blob>(`${kindPath('replies')}/export`, { query: { ...filters, locale }, as: 'file', timeoutMs: longMs }),
  }
}
