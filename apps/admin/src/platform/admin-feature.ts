import type { Right } from '@guidebar/contracts'
import type { IconName } from '@guidebar/ui'
import type { Component } from 'vue'

/** The groups of the navigation, in their order. */
export const navGroups = ['overview', 'customers', 'content', 'corp', 'system'] as const
export type NavGroup = (typeof navGroups)[number]

/** One page of the panel; it is a chunk of its own. */
export type AdminPage = {
  /** Below `/admin/`, without a slash at its beginning: `customers/:externalUserId`. */
  path: string
  name: string
  component: () => Promise<Component>
  /** The right without which the page is neither shown nor opened. */
  can: Right
  /** Where it stands in the navigation; a page without this is reached from another one. */
  nav?: { group: NavGroup; order: number; icon: IconName; titleKey: string }
}

/** One thing a search found. */
export type SearchHit = {
  title: string
  /** What tells it from others of that name. */
  note?: string
  /** Where it leads. */
  to: string | { name: string; params?: Record<string, string>; query?: Record<string, string> }
}

/** What ⌘K asks in addition to the pages. */
export type SearchSource = {
  titleKey: string
  can: Right
  /** @param text what is sought, trimmed, never empty · @param t for hits that have words of the panel · @returns at most eight */
  find(text: string, signal: AbortSignal, t: (key: string) => string): Promise<SearchHit[]>
}

/** What a feature brings to the panel; `platform/pages.ts` names them all. */
export type AdminFeature = { pages: AdminPage[]; search?: SearchSource[] }
