import { ErrorBody, QuickReplyLibrary, QuickReplyParams, QuickReplyView, SaveQuickReply } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import { replyNotModified } from '../../platform/etag.ts'
import type { QuickReplyService } from './quick-reply.service.ts'

const guide = { access: 'guide' } as const

/** Under `/api/sidebar`. */
export const quickReplyRoutes: FastifyPluginAsyncTypebox<{ quickReplies: QuickReplyService }> = async (
  app,
  { quickReplies },
) => {
  app.get(
    '/quick-replies',
    {
      config: guide,
      schema: {
        operationId: 'listQuickReplies',
        summary: 'All replies this guide may use',
        response: { 200: QuickReplyLibrary, '4xx': ErrorBody },
      },
      // Two thousand replies: picking the kind of every part by schema costs more than everything else together.
      serializerCompiler: () => (data) => JSON.stringify(data),
    },
    async (request, reply) => {
      if (replyNotModified(request, reply, await quickReplies.version(request.guide))) return reply
      return quickReplies.library(request.guide)
    },
  )

  app.post(
    '/quick-replies',
    {
      config: guide,
      schema: {
        operationId: 'createQuickReply',
        summary: "Adds one to the guide's own replies",
        body: SaveQuickReply,
        response: { 201: QuickReplyView, '4xx': ErrorBody },
      },
    },
    async (request, reply) => reply.code(201).send(await quickReplies.create(request.guide, request.body)),
  )

  app.put(
    '/quick-replies/:replyId',
    {
      config: guide,
      schema: {
        operationId: 'updateQuickReply',
        summary: "Changes one of the guide's own replies",
        params: QuickReplyParams,
        body: SaveQuickReply,
        response: { 200: QuickReplyView, '4xx': ErrorBody },
      },
    },
    async (request) => quickReplies.update(request.guide, request.params.replyId, request.body),
  )

  app.delete(
    '/quick-replies/:replyId',
    {
      config: guide,
      schema: {
        operationId: 'removeQuickReply',
        summary: "Removes one of the guide's own replies",
        params: QuickReplyParams,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await quickReplies.remove(request.guide, request.params.replyId)
      return reply.code(204).send(null)
    },
  )
}
