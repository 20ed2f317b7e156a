import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CreateTag,
  CustomerParams,
  ErrorBody,
  JudgeTag,
  RelationTag,
  TagCare,
  TagOfCustomerParams,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { TagCareService } from './tag-care.service.ts'

const config = { access: 'guide' } as const

/** Under `/api/sidebar`. */
export const tagCareRoutes: FastifyPluginAsyncTypebox<{ tagCare: TagCareService }> = async (app, { tagCare }) => {
  app.get(
    '/customers/:externalUserId/tag-care',
    {
      config,
      schema: {
        operationId: 'getTagCare',
        summary: 'How fresh a customer’s tags are, and which ones facts speak for',
        params: CustomerParams,
        response: { 200: TagCare, '4xx': ErrorBody },
      },
    },
    async (request) => tagCare.of(request.guide, request.params.externalUserId),
  )
  app.put(
    '/customers/:externalUserId/tags/:tagId/verdict',
    {
      config,
      schema: {
        operationId: 'judgeTag',
        summary: 'Says that a tag still holds, or that a suggested one is not wanted',
        params: TagOfCustomerParams,
        body: JudgeTag,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await tagCare.judge(request.guide, request.params, request.body)
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/tags',
    {
      config,
      schema: {
        operationId: 'createTag',
        summary: 'Makes a corp tag, for those with the right',
        body: CreateTag,
        response: { 200: RelationTag, '4xx': ErrorBody, '5xx': ErrorBody },
      },
    },
    async (request) => tagCare.create(request.guide, request.body),
  )
}
