import type { AdminFeature } from '../../platform/admin-feature.ts'

export const audit: AdminFeature = {
  pages: [
    {
      path: 'audit',
      name: 'audit',
      component: () => import('./AuditPage.vue'),
      can: 'read:audit',
      nav: { group: 'system', order: 5, icon: 'shield', titleKey: 'audit.title' },
    },
  ],
}
