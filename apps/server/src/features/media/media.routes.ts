import { ErrorBody, ObjectIdText } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { AppError } from '../../platform/errors.ts'
import type { MediaService } from './media.service.ts'

const AssetParams = Type.Object({ assetId: ObjectIdText }, { additionalProperties: false })

export const mediaRoutes: FastifyPluginAsyncTypebox<{ media: MediaService }> = async (app, { media }) => {
  app.get(
    '/media/:assetId',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'getMedia',
        summary: 'A picture of a card or reply',
        params: AssetParams,
        response: { 200: Type.Any({ description: 'PNG or JPEG' }), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const asset = await media.find(request.params.assetId)
      if (!asset) throw new AppError('NOT_FOUND', 'no such picture')
      // Other bytes get another id, so this answer is true for ever; the chat client shows it from another origin.
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('content-disposition', 'inline')
        .type(asset.contentType)
        .send(asset.bytes)
    },
  )
}
