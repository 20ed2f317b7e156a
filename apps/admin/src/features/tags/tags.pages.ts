import type { AdminFeature } from '../../platform/admin-feature.ts'

export const tags: AdminFeature = {
  pages: [
    {
      path: 'tags',
      name: 'tags',
      component: () => import('./TagsPage.vue'),
      can: 'read:tags',
      nav: { group: 'customers', order: 3, icon: 'tag', titleKey: 'tags.title' },
    },
  ],
}
