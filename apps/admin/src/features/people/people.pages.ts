import type { AdminFeature } from '../../platform/admin-feature.ts'
import { api } from '../../platform/api.ts'

const shownHits = 6

export const people: AdminFeature = {
  pages: [
    {
      path: 'people',
      name: 'people',
      component: () => import('./PeoplePage.vue'),
      can: 'read:people',
      nav: { group: 'corp', order: 1, icon: 'people', titleKey: 'people.title' },
    },
    {
      path: 'stores',
      name: 'stores',
      component: () => import('./StoresPage.vue'),
      can: 'read:people',
      nav: { group: 'corp', order: 2, icon: 'home', titleKey: 'people.stores.title' },
    },
  ],
  search: [
    {
      titleKey: 'people.title',
      can: 'read:people',
      async find(text, signal) {
        const { people: found } = await api.getPeople({ q: text.slice(0, 64), limit: shownHits, signal })
        return found.map(({ userId, name, storeName }) => ({
          title: name,
          note: storeName || userId,
          to: { name: 'people', query: { q: userId } },
        }))
      },
    },
  ],
}
