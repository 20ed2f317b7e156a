import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  BatchParams,
  BatchRowQuery,
  CustomerSelection,
  ErrorBody,
  MergeTags,
  PageQuery,
  StartTagBatch,
  TagBatchForecast,
  TagBatchPage,
  TagBatchRowPage,
  TagBatchView,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { TagBatchService } from './tag-batch.service.ts'

const errors = { '4xx': ErrorBody, '5xx': ErrorBody }
const reads = { access: 'admin', can: { action: 'read', subject: 'customers' } } as const
const writes = { access: 'admin', can: { action: 'write', subject: 'customers' } } as const
const Forecast = Type.Object({ selection: CustomerSelection }, { additionalProperties: false })

/** Under `/api/admin`. */
export const tagBatchRoutes: FastifyPluginAsyncTypebox<{ batches: TagBatchService }> = async (app, { batches }) => {
  app.get(
    '/tag-batches',
    {
      config: reads,
      schema: { operationId: 'listTagBatches', querystring: PageQuery, response: { 200: TagBatchPage, ...errors } },
    },
    async (request) => batches.list(request.admin, request.query),
  )
  app.post(
    '/tag-batches/forecast',
    {
      config: { ...reads, onlyLooks: true, whileViewing: true },
      schema: { operationId: 'forecastTagBatch', body: Forecast, response: { 200: TagBatchForecast, ...errors } },
    },
    async (request) => batches.forecast(request.admin, request.body.selection),
  )
  app.post(
    '/tag-batches',
    {
      config: { ...writes, audit: 'customers.tag-batch-begun' },
      schema: { operationId: 'startTagBatch', body: StartTagBatch, response: { 202: TagBatchView, ...errors } },
    },
    async (request, reply) => reply.code(202).send(await batches.start(request.admin, request.body)),
  )
  app.post(
    '/tag-merges',
    {
      config: {
        access: 'admin',
        can: { action: 'write', subject: 'tags' },
        reauth: true,
        audit: 'customers.tag-batch-begun',
      },
      schema: { operationId: 'mergeTags', body: MergeTags, response: { 202: TagBatchView, ...errors } },
    },
    async (request, reply) => reply.code(202).send(await batches.merge(request.admin, request.body)),
  )
  app.get(
    '/tag-batches/:batchId',
    {
      config: reads,
      schema: { operationId: 'getTagBatch', params: BatchParams, response: { 200: TagBatchView, ...errors } },
    },
    async (request) => batches.view(request.admin, request.params.batchId),
  )
  app.get(
    '/tag-batches/:batchId/rows',
    {
      config: reads,
      schema: {
        operationId: 'listTagBatchRows',
        params: BatchParams,
        querystring: BatchRowQuery,
        response: { 200: TagBatchRowPage, ...errors },
      },
    },
    async (request) => batches.rows(request.admin, request.params.batchId, request.query),
  )
  app.post(
    '/tag-batches/:batchId/stop',
    {
      config: { ...writes, audit: 'customers.tag-batch-stopped' },
      schema: { operationId: 'stopTagBatch', params: BatchParams, response: { 200: TagBatchView, ...errors } },
    },
    async (request) => batches.stop(request.admin, request.params.batchId),
  )
  app.post(
    '/tag-batches/:batchId/undo',
    {
      config: { ...writes, audit: 'customers.tag-batch-begun' },
      schema: { operationId: 'undoTagBatch', params: BatchParams, response: { 202: TagBatchView, ...errors } },
    },
    async (request, reply) => reply.code(202).send(await batches.undo(request.admin, request.params.batchId)),
  )
}
