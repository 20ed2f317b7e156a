import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, FileQuery, KeptFile, KeptMedia, mediaLimits, MediaQuery } from '@guidebar/contracts'

import { AppError } from '../../platform/errors.ts'
import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { MediaService } from './media.service.ts'

type Options = { media: MediaService; audit: AuditService }

/** Under `/api/admin`. */
export const mediaAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { media, audit }) => {
  // The type a browser names is only how the bytes get here; what they are is found in them.
  const types = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'application/octet-stream']
  app.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit: mediaLimits.fileBytes }, (_request, body, done) => {
    done(null, body)
  })
  app.post(
    '/media',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'replies' }, audit: 'content.picture-kept' },
      bodyLimit: mediaLimits.uploadBytes,
      schema: {
        operationId: 'keepMedia',
        summary: 'The bytes of a picture; it is drawn anew and kept',
        querystring: MediaQuery,
        response: { 201: KeptMedia, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      if (!Buffer.isBuffer(request.body))
        throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'the bytes of a picture are needed')
      const kept = await media.keepUpload(request.admin.corpId, request.body, request.query.use)
      await audit.note(request.admin, { action: 'content.picture-kept', target: kept.assetId })
      return reply.code(201).send(kept)
    },
  )

  app.post(
    '/media/files',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'replies' }, audit: 'content.file-kept' },
      bodyLimit: mediaLimits.fileBytes,
      schema: {
        operationId: 'keepFile',
        summary: 'The bytes of a document or film; kept as they are',
        querystring: FileQuery,
        response: { 201: KeptFile, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'the bytes of a file are needed')
      const kept = await media.keepFile(request.admin.corpId, { bytes: request.body, name: request.query.name })
      await audit.note(request.admin, { action: 'content.file-kept', target: kept.assetId })
      return reply.code(201).send(kept)
    },
  )
}
