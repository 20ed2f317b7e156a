import { api } from '../../platform/api.ts'
import type { AdminFeature } from '../../platform/admin-feature.ts'

const mostHits = 8

export const customers: AdminFeature = {
  pages: [
    {
      path: 'customers',
      name: 'customers',
      component: () => import('./CustomersPage.vue'),
      can: 'read:customers',
      nav: { group: 'customers', order: 1, icon: 'people', titleKey: 'customers.title' },
    },
    {
      path: 'customers/:externalUserId',
      name: 'customer',
      component: () => import('./CustomerPage.vue'),
      can: 'read:customers',
    },
    {
      path: 'tag-batches',
      name: 'tag-batches',
      component: () => import('./TagBatchesPage.vue'),
      can: 'read:customers',
      nav: { group: 'customers', order: 4, icon: 'list', titleKey: 'customers.batches.title' },
    },
    {
      path: 'tag-batches/:batchId',
      name: 'tag-batch',
      component: () => import('./TagBatchPage.vue'),
      can: 'read:customers',
    },
  ],
  search: [
    {
      titleKey: 'customers.title',
      can: 'read:customers',
      async find(text, signal) {
        const { customers: rows } = await api.listCustomers({ q: text, limit: mostHits, signal })
        return rows.map(({ externalUserId, name, followers }) => ({
          title: followers[0]?.remark || name,
          note: followers.map((follower) => follower.name).join('、'),
          to: { name: 'customer', params: { externalUserId } },
        }))
      },
    },
  ],
}
