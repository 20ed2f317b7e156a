import type {
  ActionRules,
  AdminTaskPage,
  AdminTaskView,
  ArticleCatalogue,
  CardSuggestions,
  ConfirmMatch,
  ContactPreferences,
  ContactRules,
  CreateGuideTask,
  CreateTag,
  CustomerProfileView,
  DecidedProposal,
  DecideProposal,
  FollowUpPage,
  FollowUpView,
  GuideTaskPage,
  ItemRequested,
  ItemRequestPage,
  JudgeTag,
  KnowledgeLibrary,
  MatchList,
  MyDayPage,
  NotePage,
  NoteView,
  OrderReplies,
  PutAwayAction,
  QuickReplyView,
  RelationTag,
  ReplyMarks,
  ReplyProposal,
  ReplyProposalPage,
  RequestItem,
  ResultsView,
  SaveArticle,
  SavedId,
  SaveKnowledgeArticle,
  SaveLanguage,
  SaveNote,
  SendPage,
  SetExpiry,
  SetFollowUp,
  StockView,
  TagCare,
  TaskCustomerPage,
  TimelineKind,
  TimelinePage,
  WriteNote,
} from '@guidebar/contracts'

import type { Target } from './api-client.ts'
import type { CallOptions, Request } from './request.ts'

/** Which page of a list: where the one before said that the next begins; 20 rows unless told otherwise. */
export type PageOptions = CallOptions & { before?: string; limit?: number }

const segment = encodeURIComponent
const toPage = ({ before, limit }: PageOptions) => ({ before, limit: limit?.toString() })

/** The panel's calls beyond replies, cards and sends. */
export function createPanelApi(request: Request) {
  const root = '/api/sidebar'
  const customer = (externalUserId: string) => `${root}/customers/${segment(externalUserId)}`
  const note = (externalUserId: string, noteId: string) => `${customer(externalUserId)}/notes/${segment(noteId)}`
  const followUp = (followUpId: string) => `${root}/follow-ups/${segment(followUpId)}`
  const reply = (replyId: string) => `${root}/quick-replies/${segment(replyId)}`
  return {
    getTimeline: (externalUserId: string, { kinds, ...page }: PageOptions & { kinds?: TimelineKind[] } = {}) =>
      request<TimelinePage>(`${customer(externalUserId)}/timeline`, {
        query: { kinds: kinds?.join(','), ...toPage(page) },
        signal: page.signal,
      }),

    getNotes: (externalUserId: string, page: PageOptions = {}) =>
      request<NotePage>(`${customer(externalUserId)}/notes`, { query: toPage(page), signal: page.signal }),
    /** @throws ApiError CONSENT_REQUIRED for a sensitive note without the consent text in force */
    writeNote: (externalUserId: string, body: WriteNote) =>
      request<NoteView>(`${customer(externalUserId)}/notes`, { method: 'POST', body }),
    editNote: (externalUserId: string, noteId: string, body: SaveNote) =>
      request<NoteView>(note(externalUserId, noteId), { method: 'PUT', body }),
    removeNote: (externalUserId: string, noteId: string) =>
      request<void>(note(externalUserId, noteId), { method: 'DELETE' }),
    /** The words of a sensitive note; goes on record. @throws ApiError FORBIDDEN */
    revealNote: (externalUserId: string, noteId: string) =>
      request<NoteView>(`${note(externalUserId, noteId)}/reveal`, { method: 'POST' }),
    getFollowUps: ({ externalUserId, ...page }: PageOptions & { externalUserId?: string } = {}) =>
      request<FollowUpPage>(`${root}/follow-ups`, { query: { externalUserId, ...toPage(page) }, signal: page.signal }),
    setFollowUp: (externalUserId: string, body: SetFollowUp) =>
      request<FollowUpView>(`${customer(externalUserId)}/follow-ups`, { method: 'POST', body }),
    finishFollowUp: (followUpId: string) => request<FollowUpView>(`${followUp(followUpId)}/done`, { method: 'POST' }),
    /** @param dueAt ISO 8601 */
    postponeFollowUp: (followUpId: string, dueAt: string) =>
      request<FollowUpView>(`${followUp(followUpId)}/postpone`, { method: 'POST', body: { dueAt } }),

    getProfile: (externalUserId: string, options?: CallOptions) =>
      request<CustomerProfileView>(`${customer(externalUserId)}/profile`, options),
    setContactPreferences: (externalUserId: string, body: ContactPreferences) =>
      request<CustomerProfileView>(`${customer(externalUserId)}/contact-preferences`, { method: 'PUT', body }),
    /** @param q the last four digits of a phone number, or a whole order number; goes on record */
    searchMatches: (externalUserId: string, q: string, options?: CallOptions) =>
      request<MatchList>(`${customer(externalUserId)}/matches`, { query: { q }, ...options }),
    /** @throws ApiError CONFLICT when it is another customer's already */
    confirmMatch: (externalUserId: string, body: ConfirmMatch) =>
      request<CustomerProfileView>(`${customer(externalUserId)}/matches`, { method: 'POST', body }),

    /** The language of messages to this guide. */
    saveLanguage: (body: SaveLanguage) => request<void>(`${root}/language`, { method: 'PUT', body }),
    getTagCare: (externalUserId: string, options?: CallOptions) =>
      request<TagCare>(`${customer(externalUserId)}/tag-care`, options),
    judgeTag: (externalUserId: string, tagId: string, body: JudgeTag) =>
      request<void>(`${customer(externalUserId)}/tags/${segment(tagId)}/verdict`, { method: 'PUT', body }),
    /** @throws ApiError FORBIDDEN, TAG_LIMIT_REACHED */
    createTag: (body: CreateTag) => request<RelationTag>(`${root}/tags`, { method: 'POST', body }),

    getSendHistory: (target: Target, page: PageOptions = {}) =>
      request<SendPage>(`${root}/sends/history`, { query: { ...target, ...toPage(page) }, signal: page.signal }),

    getMyDay: (page: PageOptions = {}) =>
      request<MyDayPage>(`${root}/my-day`, { query: toPage(page), signal: page.signal }),
    putAwayAction: (externalUserId: string, body: PutAwayAction) =>
      request<void>(`${customer(externalUserId)}/next-action/put-away`, { method: 'POST', body }),
    /** @param externalUserId only the tasks that name this customer */
    getGuideTasks: ({ externalUserId, ...page }: PageOptions & { externalUserId?: string } = {}) =>
      request<GuideTaskPage>(`${root}/guide-tasks`, {
        query: { externalUserId, ...toPage(page) },
        signal: page.signal,
      }),
    getTaskCustomers: (taskId: string, page: PageOptions = {}) =>
      request<TaskCustomerPage>(`${root}/guide-tasks/${segment(taskId)}/customers`, {
        query: toPage(page),
        signal: page.signal,
      }),
    getResults: (options?: CallOptions) => request<ResultsView>(`${root}/results`, options),

    getKnowledge: (options?: CallOptions) => request<KnowledgeLibrary>(`${root}/knowledge`, options),
    getArticles: (options?: CallOptions) => request<ArticleCatalogue>(`${root}/articles`, options),
    suggestCards: (target: Target, options?: CallOptions) =>
      request<CardSuggestions>(`${root}/card-suggestions`, { query: target, ...options }),
    getStock: (sku: string, options?: CallOptions) =>
      request<StockView>(`${root}/stock`, { query: { sku }, ...options }),
    requestItem: (body: RequestItem) => request<ItemRequested>(`${root}/item-requests`, { method: 'POST', body }),

    getReplyMarks: (options?: CallOptions) => request<ReplyMarks>(`${root}/quick-replies/marks`, options),
    copyReply: (replyId: string) => request<QuickReplyView>(`${reply(replyId)}/copy`, { method: 'POST' }),
    proposeReply: (replyId: string) => request<ReplyProposal>(`${reply(replyId)}/proposal`, { method: 'POST' }),
    orderReplies: (body: OrderReplies) => request<void>(`${root}/quick-replies/order`, { method: 'PUT', body }),
    setReplyExpiry: (replyId: string, body: SetExpiry) =>
      request<void>(`${reply(replyId)}/expiry`, { method: 'PUT', body }),
  }
}

/** The admin's calls for what the panel offers beyond replies, cards and sends. */
export function createPanelAdminApi(request: Request) {
  const root = '/api/admin'
  return {
    getActionRules: (options?: CallOptions) => request<ActionRules>(`${root}/action-rules`, options),
    saveActionRules: (body: ActionRules) => request<ActionRules>(`${root}/action-rules`, { method: 'PUT', body }),
    getContactRules: (options?: CallOptions) => request<ContactRules>(`${root}/contact-rules`, options),
    saveContactRules: (body: ContactRules) => request<ContactRules>(`${root}/contact-rules`, { method: 'PUT', body }),
    saveKnowledge: (body: SaveKnowledgeArticle) => request<SavedId>(`${root}/knowledge`, { method: 'PUT', body }),
    archiveKnowledge: (articleId: string) =>
      request<void>(`${root}/knowledge/${segment(articleId)}`, { method: 'DELETE' }),
    saveArticle: (body: SaveArticle) => request<SavedId>(`${root}/articles`, { method: 'PUT', body }),
    archiveArticle: (articleId: string) =>
      request<void>(`${root}/articles/${segment(articleId)}`, { method: 'DELETE' }),
    createGuideTask: (body: CreateGuideTask) => request<AdminTaskView>(`${root}/guide-tasks`, { method: 'POST', body }),
    getGuideTasks: (page: PageOptions = {}) =>
      request<AdminTaskPage>(`${root}/guide-tasks`, { query: toPage(page), signal: page.signal }),
    getItemRequests: ({ days, ...page }: PageOptions & { days?: number } = {}) =>
      request<ItemRequestPage>(`${root}/item-requests`, {
        query: { days: days?.toString(), ...toPage(page) },
        signal: page.signal,
      }),
    getReplyProposals: (page: PageOptions = {}) =>
      request<ReplyProposalPage>(`${root}/reply-proposals`, { query: toPage(page), signal: page.signal }),
    decideProposal: (proposalId: string, body: DecideProposal) =>
      request<DecidedProposal>(`${root}/reply-proposals/${segment(proposalId)}/decision`, { method: 'POST', body }),
    setSharedReplyExpiry: (replyId: string, body: SetExpiry) =>
      request<void>(`${root}/quick-replies/${segment(replyId)}/expiry`, { method: 'PUT', body }),
  }
}
