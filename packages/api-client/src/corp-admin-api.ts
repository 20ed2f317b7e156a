import type {
  AuditFilter,
  AuditPage,
  AuditVerdict,
  PanelSettings,
  DepartmentTree,
  DepartmentView,
  FirstAdminState,
  GiveRole,
  PeoplePage,
  PersonView,
  SaveStore,
} from '@guidebar/contracts'

import type { PageOptions } from './panel-api.ts'
import type { CallOptions, Request } from './request.ts'

type PeopleFilter = { departmentId?: number; q?: string; state?: string; who?: 'admins' }

const segment = encodeURIComponent

/** The admin's calls for people, rights, the record and the settings. */
export function createCorpAdminApi(request: Request) {
  const root = '/api/admin'
  const person = (userId: string) => `${root}/people/${segment(userId)}`
  return {
    getFirstAdminState: (options?: CallOptions) => request<FirstAdminState>('/admin/auth/first-admin', options),
    /** @throws ApiError FORBIDDEN when the code is wrong, used or too old */
    enterAsFirstAdmin: (code: string) => request<void>('/admin/auth/first-admin', { method: 'POST', body: { code } }),

    getDepartments: (options?: CallOptions) => request<DepartmentTree>(`${root}/departments`, options),
    saveStore: (departmentId: number, body: SaveStore) =>
      request<DepartmentView>(`${root}/departments/${departmentId}/store`, { method: 'PUT', body }),
    getPeople: ({ departmentId, q, state, who, before, limit, signal }: PeopleFilter & PageOptions = {}) =>
      request<PeoplePage>(`${root}/people`, {
        query: { departmentId: departmentId?.toString(), q, state, who, before, limit: limit?.toString() },
        signal,
      }),
    getPerson: (userId: string, options?: CallOptions) => request<PersonView>(person(userId), options),
    /** @throws ApiError CONFLICT for one's own role, the last owner and owners by configuration */
    giveRole: (userId: string, body: GiveRole) =>
      request<PersonView>(`${person(userId)}/role`, { method: 'PUT', body }),
    takeRole: (userId: string) => request<PersonView>(`${person(userId)}/role`, { method: 'DELETE' }),
    beginViewAs: (userId: string) => request<void>(`${root}/view-as`, { method: 'POST', body: { userId } }),
    endViewAs: () => request<void>(`${root}/view-as`, { method: 'DELETE' }),

    getAudit: ({ actor, action, target, from, to, before, limit, signal }: AuditFilter & PageOptions = {}) =>
      request<AuditPage>(`${root}/audit`, {
        query: { actor, action, target, from, to, before, limit: limit?.toString() },
        signal,
      }),
    verifyAudit: (options?: CallOptions) => request<AuditVerdict>(`${root}/audit/verdict`, options),
    /** The record as a CSV file; goes on record itself. */
    exportAudit: ({ actor, action, target, from, to }: AuditFilter) =>
      request<Blob>(`${root}/audit/export`, { query: { actor, action, target, from, to }, as: 'file' }),

    getSettings: (options?: CallOptions) => request<PanelSettings>(`${root}/settings`, options),
    /** @throws ApiError BAD_REQUEST with `at` for a colour white words cannot be read on */
    saveSettings: (body: PanelSettings) => request<PanelSettings>(`${root}/settings`, { method: 'PUT', body }),
  }
}
