import type { Right } from '@guidebar/contracts'

import { navGroups, type AdminFeature, type AdminPage, type NavGroup, type SearchSource } from './admin-feature.ts'
import * as named from './pages.ts'

const features: AdminFeature[] = Object.values(named)

export const pages: AdminPage[] = features.flatMap((feature) => feature.pages)
export const searchSources: SearchSource[] = features.flatMap(({ search = [] }) => search)

/** A page that stands in the navigation. */
export type NavPage = AdminPage & { nav: NonNullable<AdminPage['nav']> }

/** The navigation of somebody with these rights; groups without a page are left out. */
export function listNavigation(may: readonly string[]): { group: NavGroup; pages: NavPage[] }[] {
  const shown = pages.filter((page): page is NavPage => page.nav !== undefined && may.includes(page.can))
  return navGroups
    .map((group) => ({
      group,
      pages: shown.filter(({ nav }) => nav.group === group).toSorted((a, b) => a.nav.order - b.nav.order),
    }))
    .filter((section) => section.pages.length > 0)
}

/** Whether somebody with these rights may do this. */
export const isAllowed = (may: readonly string[] | undefined, right: Right): boolean => may?.includes(right) ?? false
