import type { FastifyInstance } from 'fastify'

import { tagBatchRoutes } from './features/customer-batches/tag-batch.routes.ts'
import { customerExportRoutes } from './features/customer-exports/customer-export.routes.ts'
import { customerAdminRoutes } from './features/customers/customer.routes.ts'
import { segmentRoutes } from './features/customers/segment.routes.ts'
import { tagAdminRoutes } from './features/tags/tag-admin.routes.ts'
import type { Services } from './services.ts'

/** The admin's calls about customers and tags. */
export async function registerCustomerRoutes(app: FastifyInstance, { ofCustomers }: Services): Promise<void> {
  const adminApi = { prefix: '/api/admin' }
  const { customers, segments, tagBatches, exports, tagAdmin } = ofCustomers
  await app.register(customerAdminRoutes, { ...adminApi, customers })
  await app.register(segmentRoutes, { ...adminApi, segments })
  await app.register(tagBatchRoutes, { ...adminApi, batches: tagBatches })
  await app.register(customerExportRoutes, { ...adminApi, exports })
  await app.register(tagAdminRoutes, { ...adminApi, tags: tagAdmin })
}
