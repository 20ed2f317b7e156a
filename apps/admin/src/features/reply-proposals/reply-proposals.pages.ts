import type { AdminFeature } from '../../platform/admin-feature.ts'

/** What guides offer to everybody. */
export const replyProposals: AdminFeature = {
  pages: [
    {
      path: 'reply-proposals',
      name: 'reply-proposals',
      component: () => import('./ReplyProposalsPage.vue'),
      can: 'read:rules',
      nav: { group: 'content', order: 5, icon: 'chat', titleKey: 'replyProposals.title' },
    },
  ],
}
