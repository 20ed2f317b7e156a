import { ErrorBody, TagLibrary } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { replyNotModified } from '../../platform/etag.ts'
import type { TagService } from './tag.service.ts'

/** Under `/api/sidebar`. */
export const tagRoutes: FastifyPluginAsyncTypebox<{ tags: TagService }> = async (app, { tags }) => {
  app.get(
    '/tag-groups',
    {
      config: { access: 'guide' },
      schema: { operationId: 'getTagLibrary', response: { 200: TagLibrary, '4xx': ErrorBody } },
    },
    async (request, reply) => {
      const { version, library } = await tags.libraryFor(request.guide)
      if (replyNotModified(request, reply, version)) return reply
      return library
    },
  )
}
