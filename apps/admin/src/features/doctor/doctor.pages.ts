import type { AdminFeature } from '../../platform/admin-feature.ts'

export const doctor: AdminFeature = {
  pages: [
    {
      path: 'doctor',
      name: 'doctor',
      component: () => import('./DoctorPage.vue'),
      can: 'read:setup',
      nav: { group: 'system', order: 1, icon: 'shield', titleKey: 'doctor.title' },
    },
  ],
}
