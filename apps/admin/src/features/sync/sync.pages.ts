import type { AdminFeature } from '../../platform/admin-feature.ts'

export const sync: AdminFeature = {
  pages: [
    {
      path: 'sync',
      name: 'sync',
      component: () => import('./SyncPage.vue'),
      can: 'read:sync',
      nav: { group: 'system', order: 2, icon: 'refresh', titleKey: 'sync.title' },
    },
  ],
}
