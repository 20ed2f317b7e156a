import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, SaveLanguage } from '@guidebar/contracts'
import { Type } from 'typebox'

import type { GuidePreferenceService } from './guide-preference.service.ts'

/** Under `/api/sidebar`. */
export const guidePreferenceRoutes: FastifyPluginAsyncTypebox<{ preferences: GuidePreferenceService }> = async (
  app,
  { preferences },
) => {
  app.put(
    '/language',
    {
      config: { access: 'guide' },
      schema: {
        operationId: 'saveLanguage',
        summary: 'The language of messages to this guide',
        body: SaveLanguage,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await preferences.saveLanguage(request.guide, request.body.language)
      return reply.code(204).send(null)
    },
  )
}
