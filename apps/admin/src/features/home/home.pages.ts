import type { AdminFeature } from '../../platform/admin-feature.ts'

export const home: AdminFeature = {
  pages: [
    {
      path: '',
      name: 'home',
      component: () => import('./HomePage.vue'),
      can: 'read:home',
      nav: { group: 'overview', order: 1, icon: 'home', titleKey: 'home.title' },
    },
  ],
}
