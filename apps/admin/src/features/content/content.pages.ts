import type { ContentKind } from '@guidebar/contracts'
import type { IconName } from '@guidebar/ui'

import type { AdminFeature, AdminPage, SearchSource } from '../../platform/admin-feature.ts'
import { api } from '../../platform/api.ts'

const kinds: { kind: ContentKind; order: number; icon: IconName }[] = [
  { kind: 'replies', order: 1, icon: 'chat' },
  { kind: 'cards', order: 2, icon: 'card' },
  { kind: 'knowledge', order: 3, icon: 'book' },
  { kind: 'articles', order: 4, icon: 'article' },
]

/** Replies, cards, knowledge and articles: one list and one editor, each kind with its own form. */
export const content: AdminFeature = {
  pages: kinds.flatMap(({ kind, order, icon }): AdminPage[] => [
    {
      path: `content/${kind}`,
      name: `content-${kind}`,
      component: () => import('./ContentListPage.vue'),
      can: `read:${kind}`,
      nav: { group: 'content', order, icon, titleKey: `content.kinds.${kind}` },
    },
    {
      path: `content/${kind}/new`,
      name: `content-${kind}-new`,
      component: () => import('./ContentEditorPage.vue'),
      can: `write:${kind}`,
    },
    {
      path: `content/${kind}/:itemId`,
      name: `content-${kind}-item`,
      component: () => import('./ContentEditorPage.vue'),
      can: `read:${kind}`,
    },
  ]),
  search: kinds.map(({ kind }): SearchSource => ({
    titleKey: `content.kinds.${kind}`,
    can: `read:${kind}`,
    async find(q, signal) {
      const { rows } = await api.listContent(kind, { q, limit: 8, signal })
      return rows.map(({ id, title, folder }) => ({
        title,
        note: folder,
        to: { name: `content-${kind}-item`, params: { itemId: id } },
      }))
    },
  })),
}
