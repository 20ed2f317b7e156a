import { Type } from 'typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { ErrorBody } from '@guidebar/contracts'

import { cookieNames, cookieOptions } from '../../platform/cookies.ts'
import type { SessionKind } from '../../platform/sessions/session.model.ts'
import type { SessionService } from '../../platform/sessions/session.service.ts'
import { readBrowser, type SignInRedirect } from './sign-in.redirect.ts'
import type { SignInService } from './sign-in.service.ts'

const CallbackQuery = Type.Object({ code: Type.Optional(Type.String()), state: Type.Optional(Type.String()) })
const StartQuery = Type.Object({ to: Type.Optional(Type.String({ maxLength: 512 })) })

type Options = { signIn: SignInService; redirect: SignInRedirect; sessions: SessionService }

/** Sign-in and sign-out of guides (OAuth inside WeCom) and admins (QR code; OAuth inside WeCom). */
export const signInRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { signIn, redirect, sessions }) => {
  const finish = (kind: SessionKind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { code, state } = request.query as { code?: string; state?: string }
    const sessionId = request.cookies[cookieNames[kind]]
    const result = await signIn.finish({ kind, code, state, browser: readBrowser(request), sessionId })
    if (!result) return redirect.toWecom(request, reply, { kind })

    await sessions.end(sessionId)
    // The fragment is written out: without one the browser would carry WeCom's `#wechat_redirect` along.
    return reply
      .setCookie(cookieNames[kind], result.sessionId, cookieOptions)
      .redirect(`${result.returnPath}#${kind === 'guide' ? '/' : ''}`)
  }

  app.get(
    '/sidebar/auth/callback',
    {
      config: { access: 'public', limit: 'signIn', page: redirect.problemPage('guide') },
      schema: { operationId: 'finishGuideSignIn', summary: 'WeCom sends the guide back', querystring: CallbackQuery },
    },
    finish('guide'),
  )

  app.get(
    '/admin/auth/callback',
    {
      config: { access: 'public', limit: 'signIn', page: redirect.problemPage('admin') },
      schema: { operationId: 'finishAdminSignIn', summary: 'WeCom sends the admin back', querystring: CallbackQuery },
    },
    finish('admin'),
  )

  app.get(
    '/admin/auth/start',
    {
      config: { access: 'public', limit: 'signIn', page: redirect.problemPage('admin') },
      schema: { operationId: 'startAdminSignIn', summary: 'Sends the admin to WeCom', querystring: StartQuery },
    },
    (request, reply) =>
      redirect.toWecom(request, reply, { kind: 'admin', returnPath: request.query.to, isAsked: true }),
  )

  for (const [kind, url] of [
    ['guide', '/api/sidebar/logout'],
    ['admin', '/api/admin/logout'],
  ] as const)
    app.post(
      url,
      {
        config:
          kind === 'admin'
            ? { access: kind, can: { action: 'write', subject: 'self' }, audit: 'session.ended', whileViewing: true }
            : { access: kind },
        schema: {
          operationId: `logout${kind === 'guide' ? 'Guide' : 'Admin'}`,
          response: { 204: Type.Null(), '4xx': ErrorBody },
        },
      },
      async (request, reply) => {
        await sessions.end(request.cookies[cookieNames[kind]])
        return reply
          .clearCookie(cookieNames[kind], cookieOptions)
          .header('clear-site-data', '"cache", "storage"')
          .code(204)
          .send(null)
      },
    )
}
