import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ErrorBody, KnowledgeLibrary, KnowledgeParams, SavedId, SaveKnowledgeArticle } from '@guidebar/contracts'
import { Type } from 'typebox'

import { requireWholeCorp } from '../../platform/rights/require-whole-corp.ts'
import type { DirectSaves } from '../content/content.service.ts'
import { replyNotModified } from '../../platform/etag.ts'
import type { KnowledgeService } from './knowledge.service.ts'

type Options = { knowledge: KnowledgeService }

/** Under `/api/sidebar`. */
export const knowledgeRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { knowledge }) => {
  app.get(
    '/knowledge',
    {
      config: { access: 'guide' },
      schema: { operationId: 'listKnowledge', response: { 200: KnowledgeLibrary, '4xx': ErrorBody } },
      // A thousand paragraphs: looking at each by schema costs more than everything else together.
      serializerCompiler: () => (data) => JSON.stringify(data),
    },
    async (request, reply) => {
      if (replyNotModified(request, reply, await knowledge.version(request.guide))) return reply
      return knowledge.library(request.guide)
    },
  )
}

/** Under `/api/admin`. */
export const knowledgeAdminRoutes: FastifyPluginAsyncTypebox<Options & DirectSaves> = async (
  app,
  { knowledge, requireNoReview },
) => {
  const writes = { access: 'admin', can: { action: 'write', subject: 'knowledge' } } as const
  app.put(
    '/knowledge',
    {
      config: { ...writes, audit: 'knowledge.saved' },
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'saveKnowledge',
        summary: 'Known by its title: saving again changes it',
        body: SaveKnowledgeArticle,
        response: { 200: SavedId, '4xx': ErrorBody },
      },
    },
    async (request) => {
      await requireNoReview(request.admin.corpId)
      return { id: await knowledge.saveAs(request.admin, request.body) }
    },
  )
  app.delete(
    '/knowledge/:articleId',
    {
      config: { ...writes, audit: 'knowledge.archived' },
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'archiveKnowledge',
        params: KnowledgeParams,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await knowledge.archive(request.admin, request.params.articleId)
      return reply.code(204).send(null)
    },
  )
}
