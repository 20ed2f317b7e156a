import type {
  ApiBudget,
  CallbackArmed,
  CallbackDeadLetters,
  CallbackOverview,
  CredentialsSaved,
  DeadJobs,
  DoctorReport,
  JobKinds,
  Locale,
  MadeCallback,
  RequestSync,
  SaveCallback,
  SaveCredentials,
  SaveSetUpProgress,
  SaveVerifyFile,
  SetUpView,
  SyncGuideReport,
  SyncGuides,
  SyncProgress,
  SyncReport,
} from '@guidebar/contracts'

import type { CallOptions, Request } from './request.ts'

type Paged = CallOptions & { after?: string }

/** Set-up, doctor, sync, callbacks and background work: what keeps the corp connected. */
export function createSetUpAdminApi(request: Request) {
  const root = '/api/admin'
  const setUp = `${root}/set-up`
  return {
    getSetUp: (options?: CallOptions) => request<SetUpView>(setUp, options),
    saveSetUpProgress: (body: SaveSetUpProgress) => request<SetUpView>(`${setUp}/progress`, { method: 'PUT', body }),
    saveCredentials: (body: SaveCredentials, lang: Locale) =>
      request<CredentialsSaved>(`${setUp}/credentials`, { method: 'PUT', query: { lang }, body }),
    makeCallback: () => request<MadeCallback>(`${setUp}/callback`, { method: 'POST' }),
    saveCallback: (body: SaveCallback) => request<SetUpView>(`${setUp}/callback`, { method: 'PUT', body }),
    saveVerifyFile: (body: SaveVerifyFile) => request<SetUpView>(`${setUp}/verify-file`, { method: 'PUT', body }),
    testMiniProgram: (appId: string) =>
      request<void>(`${setUp}/mini-program-test`, { method: 'POST', body: { appId } }),

    /** @param query `ids` only these checks, separated by commas */
    examine: (query: { lang: Locale; ids?: string }, options?: CallOptions) =>
      request<DoctorReport>(`${root}/doctor`, { query, ...options }),

    requestSync: (body: RequestSync) => request<SyncProgress>(`${root}/sync`, { method: 'POST', body }),
    getSyncReport: ({ after, ...options }: Paged = {}) =>
      request<SyncReport>(`${root}/sync/report`, { query: { after }, ...options }),
    listSyncGuides: ({ after, ...options }: Paged = {}) =>
      request<SyncGuides>(`${root}/sync/guides`, { query: { after }, ...options }),
    decideSyncReport: (userId: string, decision: 'confirm' | 'reject') =>
      request<SyncGuideReport>(`${root}/sync/report/${encodeURIComponent(userId)}/${decision}`, { method: 'POST' }),

    getApiBudget: (options?: CallOptions) => request<ApiBudget>(`${root}/api-budget`, options),
    getCallbacks: (options?: CallOptions) => request<CallbackOverview>(`${root}/callbacks`, options),
    listDeadLetters: ({ after, ...options }: Paged = {}) =>
      request<CallbackDeadLetters>(`${root}/callbacks/dead-letters`, { query: { after }, ...options }),
    retryDeadLetter: (id: string) =>
      request<void>(`${root}/callbacks/dead-letters/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
    armCallbackCheck: () => request<CallbackArmed>(`${root}/callbacks/arm`, { method: 'POST' }),
    listJobKinds: (options?: CallOptions) => request<JobKinds>(`${root}/jobs`, options),
    listDeadJobs: ({ before, ...options }: CallOptions & { before?: string } = {}) =>
      request<DeadJobs>(`${root}/jobs/dead`, { query: { before }, ...options }),
    retryJob: (id: string) => request<void>(`${root}/jobs/dead/retry`, { method: 'POST', body: { id } }),
  }
}
