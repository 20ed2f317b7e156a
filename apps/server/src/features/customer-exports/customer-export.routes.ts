import { Readable } from 'node:stream'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CustomerExportList, CustomerExportView, ErrorBody, ExportParams, StartExport } from '@guidebar/contracts'

import type { CustomerExportService } from './customer-export.service.ts'

const errors = { '4xx': ErrorBody, '5xx': ErrorBody }
const takesOut = { access: 'admin', can: { action: 'export', subject: 'customers' } } as const

/** Under `/api/admin`. */
export const customerExportRoutes: FastifyPluginAsyncTypebox<{ exports: CustomerExportService }> = async (
  app,
  { exports },
) => {
  app.get(
    '/customer-exports',
    {
      config: takesOut,
      schema: { operationId: 'listCustomerExports', response: { 200: CustomerExportList, ...errors } },
    },
    async (request) => ({ exports: await exports.list(request.admin) }),
  )
  app.post(
    '/customer-exports',
    {
      config: { ...takesOut, reauth: true, audit: 'customers.export-begun', limit: 'export' },
      schema: {
        operationId: 'startCustomerExport',
        body: StartExport,
        response: { 202: CustomerExportView, ...errors },
      },
    },
    async (request, reply) => reply.code(202).send(await exports.start(request.admin, request.body)),
  )
  app.get(
    '/customer-exports/:exportId/file',
    { config: takesOut, schema: { operationId: 'downloadCustomerExport', params: ExportParams } },
    async (request, reply) => {
      const { fileName, bytes, parts } = await exports.download(request.admin, request.params.exportId)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-length', bytes)
        .header(
          'content-disposition',
          `attachment; filename="customers.csv"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        )
        .send(Readable.from(parts))
    },
  )
}
