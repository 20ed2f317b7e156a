import type { FastifyPluginAsync } from 'fastify'

import { serveAssets, type BuiltApp } from '../../platform/built-app.ts'
import { AppError } from '../../platform/errors.ts'
import { pagePolicy } from '../../platform/page-policy.ts'
import { ProblemError, replyProblem } from '../../platform/pages/problem-page.ts'

type Options = {
  /** null when the front end is not built. */
  built: BuiltApp | null
}

/** The admin panel's page, for every path below `/admin/`. It is public: all data comes through the API. */
export const adminPageRoutes: FastifyPluginAsync<Options> = async (app, { built }) => {
  const policy = built && pagePolicy(built.html)
  if (built) serveAssets(app, '/admin', built)

  app.get('/admin', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.redirect('/admin/'),
  )

  app.get(
    '/admin/*',
    { config: { access: 'public', page: replyProblem('/admin/') }, schema: { hide: true } },
    (request, reply) => {
      if (!built || !policy) throw new ProblemError('not-built', 'INTERNAL', 'the admin panel is not built')
      // A file's name is no place in the panel.
      if (/\.[^/]*$/.test((request.params as { '*': string })['*'])) throw new AppError('NOT_FOUND', 'no such file')
      return reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(built.html)
    },
  )
}
