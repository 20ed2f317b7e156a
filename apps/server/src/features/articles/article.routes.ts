import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ArticleCatalogue, ArticleParams, ErrorBody, RedirectParams, SaveArticle, SavedId } from '@guidebar/contracts'
import { Type } from 'typebox'

import { AppError } from '../../platform/errors.ts'
import { replyNotModified } from '../../platform/etag.ts'
import { requireWholeCorp } from '../../platform/rights/require-whole-corp.ts'
import type { DirectSaves } from '../content/content.service.ts'
import type { ArticleService } from './article.service.ts'
import type { RedirectService } from './redirect.service.ts'

/** Under `/api/sidebar`. */
export const articleRoutes: FastifyPluginAsyncTypebox<{ articles: ArticleService }> = async (app, { articles }) => {
  app.get(
    '/articles',
    {
      config: { access: 'guide' },
      schema: { operationId: 'listArticles', response: { 200: ArticleCatalogue, '4xx': ErrorBody } },
    },
    async (request, reply) => {
      if (replyNotModified(request, reply, await articles.version(request.guide))) return reply
      return articles.catalogue(request.guide)
    },
  )
}

/** Under `/api/admin`. */
export const articleAdminRoutes: FastifyPluginAsyncTypebox<{ articles: ArticleService } & DirectSaves> = async (
  app,
  { articles, requireNoReview },
) => {
  const writes = { access: 'admin', can: { action: 'write', subject: 'articles' } } as const
  app.put(
    '/articles',
    {
      config: { ...writes, audit: 'article.saved' },
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'saveArticle',
        summary: 'Known by its title: saving again changes it',
        body: SaveArticle,
        response: { 200: SavedId, '4xx': ErrorBody },
      },
    },
    async (request) => {
      await requireNoReview(request.admin.corpId)
      return { id: await articles.saveAs(request.admin, request.body) }
    },
  )
  app.delete(
    '/articles/:articleId',
    {
      config: { ...writes, audit: 'article.archived' },
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'archiveArticle',
        params: ArticleParams,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      await articles.archive(request.admin, request.params.articleId)
      return reply.code(204).send(null)
    },
  )
}

/** At the root: short, because it stands in a message. */
export const redirectRoutes: FastifyPluginAsyncTypebox<{ redirects: RedirectService }> = async (app, { redirects }) => {
  app.get(
    '/r/:token',
    { config: { access: 'public' }, schema: { params: RedirectParams, hide: true } },
    async (request, reply) => {
      const { method, headers } = request
      const url = await redirects.follow(request.params.token, { method, headers })
      void reply.headers({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
      })
      if (!url) throw new AppError('NOT_FOUND', 'no such link')
      return reply.redirect(url, 302)
    },
  )
}
