import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ContentQuery,
  ErrorBody,
  importLimits,
  ImportRowPage,
  ImportRowQuery,
  LocaleQuery,
  MapReplyImport,
  ReplyImportFile,
  ReplyImportList,
  ReplyImportParams,
  ReplyImportView,
} from '@guidebar/contracts'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'

import { AppError } from '../../platform/errors.ts'
import { rightsTo } from '../../platform/rights/rights-to.ts'
import type { ReplyImportService } from './reply-import.service.ts'

const UploadQuery = Type.Object(
  { ...ReplyImportFile.properties, ...LocaleQuery.properties },
  { additionalProperties: false },
)
const { limit: _limit, before: _before, ...filters } = ContentQuery.properties
const ExportQuery = Type.Object({ ...filters, ...LocaleQuery.properties }, { additionalProperties: false })

/** Under `/api/admin`. */
export const replyImportRoutes: FastifyPluginAsyncTypebox<{ imports: ReplyImportService }> = async (
  app,
  { imports },
) => {
  const failed = { '4xx': ErrorBody }
  const ofOne = { params: ReplyImportParams, querystring: LocaleQuery, response: { 200: ReplyImportView, ...failed } }
  // Browsers call CSV by several names, and Windows by the name of its spreadsheet.
  const types = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream']
  app.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit: importLimits.bytes }, (_request, body, done) => {
    done(null, body)
  })

  app.post(
    '/reply-imports',
    {
      config: rightsTo('write', 'replies', 'reply-import.uploaded'),
      bodyLimit: importLimits.bytes,
      schema: {
        operationId: 'uploadReplyImport',
        summary: 'The bytes of a CSV file; nothing is written but the file',
        querystring: UploadQuery,
        response: { 201: ReplyImportView, ...failed },
      },
    },
    async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'the bytes of a file are needed')
      const { fileName, locale } = request.query
      const file = { fileName, bytes: request.body }
      return reply.code(201).send(await imports.upload(request.admin, file, locale))
    },
  )
  app.get(
    '/reply-imports',
    {
      config: rightsTo('write', 'replies'),
      schema: {
        operationId: 'listReplyImports',
        querystring: LocaleQuery,
        response: { 200: ReplyImportList, ...failed },
      },
    },
    async (request) => imports.list(request.admin, request.query.locale),
  )
  app.get(
    '/reply-imports/:importId',
    { config: rightsTo('write', 'replies'), schema: { operationId: 'getReplyImport', ...ofOne } },
    async (request) => imports.get(request.admin, request.params.importId, request.query.locale),
  )
  app.put(
    '/reply-imports/:importId/mapping',
    {
      config: rightsTo('write', 'replies', 'reply-import.mapped'),
      schema: { operationId: 'mapReplyImport', body: MapReplyImport, ...ofOne },
    },
    async (request) => imports.map(request.admin, request.params.importId, request.body, request.query.locale),
  )
  app.get(
    '/reply-imports/:importId/rows',
    {
      config: rightsTo('write', 'replies'),
      schema: {
        operationId: 'listReplyImportRows',
        params: ReplyImportParams,
        querystring: ImportRowQuery,
        response: { 200: ImportRowPage, ...failed },
      },
    },
    async (request) => imports.rows(request.admin, request.params.importId, request.query),
  )
  app.post(
    '/reply-imports/:importId/commit',
    {
      config: rightsTo('write', 'replies', 'reply-import.committed'),
      schema: { operationId: 'commitReplyImport', ...ofOne },
    },
    async (request) => imports.commit(request.admin, request.params.importId, request.query.locale),
  )
  app.post(
    '/reply-imports/:importId/undo',
    {
      config: rightsTo('publish', 'replies', 'reply-import.undone'),
      schema: { operationId: 'undoReplyImport', ...ofOne },
    },
    async (request) => imports.undo(request.admin, request.params.importId, request.query.locale),
  )
  app.get(
    '/reply-imports/:importId/rejects',
    {
      config: rightsTo('write', 'replies'),
      schema: { operationId: 'getReplyImportRejects', params: ReplyImportParams, querystring: LocaleQuery },
    },
    async (request, reply) =>
      sendCsv(reply, 'rejects', await imports.rejects(request.admin, request.params.importId, request.query.locale)),
  )
  app.get(
    '/content/replies/export',
    {
      config: { ...rightsTo('export', 'replies'), reauth: true, limit: 'export' },
      schema: { operationId: 'exportReplies', querystring: ExportQuery },
    },
    async (request, reply) => {
      const { locale, ...query } = request.query
      return sendCsv(reply, 'replies', await imports.exportReplies(request.admin, query, locale))
    },
  )
}

const sendCsv = (reply: FastifyReply, name: string, csv: string) =>
  reply.header('content-disposition', `attachment; filename="${name}.csv"`).type('text/csv; charset=utf-8').send(csv)
