import type { AdminFeature } from '../../platform/admin-feature.ts'

export const segments: AdminFeature = {
  pages: [
    {
      path: 'segments',
      name: 'segments',
      component: () => import('./SegmentsPage.vue'),
      can: 'read:segments',
      nav: { group: 'customers', order: 2, icon: 'segments', titleKey: 'segments.title' },
    },
    {
      path: 'segments/:segmentId',
      name: 'segment',
      component: () => import('./SegmentPage.vue'),
      can: 'read:segments',
    },
  ],
}
