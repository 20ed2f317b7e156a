import type { AdminFeature } from '../../platform/admin-feature.ts'

/** What one would look for, by the words that stand above it. */
const fields = ['brand', 'accent', 'languages', 'images', 'retention', 'pace', 'quietFrom', 'perDay', 'perMonth']

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
  search: [
    {
      titleKey: 'settings.title',
      can: 'read:settings',
      find: async (text, _signal, t) =>
        fields
          .map((field) => ({ title: t(`settings.${field}`), to: { name: 'settings' } }))
          .filter(({ title }) => title.toLowerCase().includes(text.toLowerCase())),
    },
  ],
}
