import type { AdminFeature } from '../../platform/admin-feature.ts'

export const settings: AdminFeature = {
  pages: [
    {
      path: 'settings',
      name: 'settings',
      component: () => import('./SettingsPage.vue'),
      can: 'read:settings',
      nav: { group: 'system', order: 9, icon: 'settings', titleKey: 'settings.title' },
    },
  ],
}
