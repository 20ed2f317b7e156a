import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CustomerDetail,
  CustomerFilter,
  CustomerPage,
  CustomerParams,
  CustomerPhones,
  CustomerQuery,
  CustomerTotal,
  ErrorBody,
  SegmentChoices,
  TimelinePage,
  TimelineQuery,
} from '@guidebar/contracts'

import type { CustomerService } from './customer.service.ts'

const errors = { '4xx': ErrorBody, '5xx': ErrorBody }
const reads = { access: 'admin', can: { action: 'read', subject: 'customers' } } as const

/** Under `/api/admin`. */
export const customerAdminRoutes: FastifyPluginAsyncTypebox<{ customers: CustomerService }> = async (
  app,
  { customers },
) => {
  app.get(
    '/customers',
    {
      config: { ...reads, limit: 'search' },
      schema: {
        operationId: 'listCustomers',
        querystring: CustomerQuery,
        response: { 200: CustomerPage, ...errors },
      },
      // Put together field by field already; a second pass by schema costs more than it brings.
      serializerCompiler: () => JSON.stringify,
    },
    async (request) => customers.list(request.admin, request.query),
  )
  app.get(
    '/customers/count',
    {
      config: reads,
      schema: {
        operationId: 'countCustomers',
        querystring: CustomerFilter,
        response: { 200: CustomerTotal, ...errors },
      },
    },
    async (request) => customers.total(request.admin, request.query),
  )
  app.get(
    '/customers/choices',
    { config: reads, schema: { operationId: 'listCustomerChoices', response: { 200: SegmentChoices, ...errors } } },
    async (request) => customers.choices(request.admin),
  )
  app.get(
    '/customers/:externalUserId',
    {
      config: reads,
      schema: {
        operationId: 'getCustomer',
        params: CustomerParams,
        response: { 200: CustomerDetail, ...errors },
      },
    },
    async (request) => customers.detail(request.admin, request.params.externalUserId),
  )
  app.get(
    '/customers/:externalUserId/timeline',
    {
      config: reads,
      schema: {
        operationId: 'listCustomerTimeline',
        params: CustomerParams,
        querystring: TimelineQuery,
        response: { 200: TimelinePage, ...errors },
      },
    },
    async (request) => customers.timeline(request.admin, request.params.externalUserId, request.query),
  )
  app.post(
    '/customers/:externalUserId/phones',
    {
      config: {
        access: 'admin',
        can: { action: 'reveal', subject: 'customers' },
        audit: 'customers.phone-revealed',
      },
      schema: {
        operationId: 'revealPhones',
        params: CustomerParams,
        response: { 200: CustomerPhones, ...errors },
      },
    },
    async (request) => customers.phones(request.admin, request.params.externalUserId),
  )
}
