import type {
  AdminHome,
  AdminView,
  CardCatalogue,
  EditRemark,
  JsSignatures,
  MarkTags,
  PerformanceView,
  PrepareSend,
  PreparedSend,
  QuickReplyLibrary,
  QuickReplyView,
  RelationView,
  SaveQuickReply,
  SendOutcome,
  SendView,
  SidebarContext,
  SyncProgress,
  TagLibrary,
} from '@guidebar/contracts'

import { createRequest, type CallOptions, type Request, type RequestOptions } from './request.ts'

/** Whom the chat is with: one customer, or a customer group. */
export type Target = { externalUserId: string; chatId?: undefined } | { chatId: string; externalUserId?: undefined }

/** Only the calls of the panel's first screen, for a bundle that counts its bytes. */
export function createSidebarClient(options: RequestOptions = {}) {
  const request = createRequest(options)
  return createSidebarApi(request)
}
export type SidebarApi = ReturnType<typeof createSidebarClient>

export function createSidebarApi(request: Request) {
  const root = '/api/sidebar'
  const customer = (externalUserId: string) => `${root}/customers/${encodeURIComponent(externalUserId)}`
  const reply = (replyId: string) => `${root}/quick-replies/${encodeURIComponent(replyId)}`
  return {
    /** @throws ApiError RELATION_NOT_FOUND when the guide does not follow this customer */
    getContext: (target: Target, options?: CallOptions) =>
      request<SidebarContext>(`${root}/context`, { query: target, ...options }),
    /** @throws ApiError TAG_UNKNOWN, WECOM_REFUSED, WECOM_UNAVAILABLE: then nothing was changed */
    markTags: (externalUserId: string, change: MarkTags) =>
      request<RelationView>(`${customer(externalUserId)}/tags`, { method: 'PUT', body: change }),
    editRemark: (externalUserId: string, change: EditRemark) =>
      request<RelationView>(`${customer(externalUserId)}/remark`, { method: 'PUT', body: change }),
    getTagGroups: (options?: CallOptions) => request<TagLibrary>(`${root}/tag-groups`, options),
    getQuickReplies: (options?: CallOptions) => request<QuickReplyLibrary>(`${root}/quick-replies`, options),
    createQuickReply: (saved: SaveQuickReply) =>
      request<QuickReplyView>(`${root}/quick-replies`, { method: 'POST', body: saved }),
    updateQuickReply: (replyId: string, saved: SaveQuickReply) =>
      request<QuickReplyView>(reply(replyId), { method: 'PUT', body: saved }),
    deleteQuickReply: (replyId: string) => request<void>(reply(replyId), { method: 'DELETE' }),
    getCards: (options?: CallOptions) => request<CardCatalogue>(`${root}/cards`, options),
    /** Puts one message on record and makes it ready; the same key and content give the same answer. */
    prepareSend: (prepared: PrepareSend) => request<PreparedSend>(`${root}/sends`, { method: 'POST', body: prepared }),
    reportOutcome: (sendId: string, outcome: SendOutcome) =>
      request<SendView>(`${root}/sends/${encodeURIComponent(sendId)}/outcome`, { method: 'POST', body: outcome }),
    getSends: (target: Target, options?: CallOptions) =>
      request<{ sends: SendView[]; performance: PerformanceView }>(`${root}/sends`, { query: target, ...options }),
    /** @param url address of this page without its fragment */
    signUrl: (url: string) => request<JsSignatures>(`${root}/js-signatures`, { method: 'POST', body: { url } }),
    logout: () => request<void>(`${root}/logout`, { method: 'POST' }),
  }
}

export function createAdminApi(request: Request) {
  const root = '/api/admin'
  return {
    getMe: (options?: CallOptions) => request<AdminView>(`${root}/me`, options),
    /** @param query `lang` the language of the findings */
    getHome: (query: { lang?: string } = {}, options?: CallOptions) =>
      request<AdminHome>(`${root}/home`, { query, ...options }),
    getSync: (options?: CallOptions) => request<SyncProgress>(`${root}/sync`, options),
    startSync: () => request<SyncProgress>(`${root}/sync`, { method: 'POST' }),
    logout: () => request<void>(`${root}/logout`, { method: 'POST' }),
  }
}
