import { ErrorBody, ObjectIdText } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { AppError } from '../../platform/errors.ts'
import { toMediaKind } from './kept-file.ts'
import type { MediaService } from './media.service.ts'

const AssetParams = Type.Object({ assetId: ObjectIdText }, { additionalProperties: false })

export const mediaRoutes: FastifyPluginAsyncTypebox<{ media: MediaService }> = async (app, { media }) => {
  app.get(
    '/media/:assetId',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getMedia',
        summary: 'A picture, document or film of a card or reply',
        params: AssetParams,
        response: { 200: Type.Any({ description: 'The bytes as they were kept' }), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const asset = await media.find(request.params.assetId)
      if (!asset) throw new AppError('NOT_FOUND', 'no such picture')
      // Other bytes get another id, so this answer is true for ever; the chat client shows it from another origin.
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('content-disposition', toDisposition(asset))
        .type(asset.contentType)
        .send(asset.bytes)
    },
  )
}

/** A document is saved, not shown: whatever stands in it runs nowhere near our pages. */
function toDisposition({ contentType, name }: { contentType: string; name: string }): string {
  if (toMediaKind(contentType) !== 'file') return 'inline'
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
}
