import type { AdminFeature } from '../../platform/admin-feature.ts'

/** A file of replies on its way in; reached from the list of replies. */
export const replyImport: AdminFeature = {
  pages: [
    {
      path: 'content/replies/import',
      name: 'reply-import',
      component: () => import('./ReplyImportPage.vue'),
      can: 'write:replies',
    },
    {
      path: 'content/replies/import/:importId',
      name: 'reply-import-one',
      component: () => import('./ReplyImportPage.vue'),
      can: 'write:replies',
    },
  ],
}
