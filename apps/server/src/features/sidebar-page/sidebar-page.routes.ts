import { ErrorBody, JsSignatures, SignUrl, type BootFacts } from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { serveAssets, type BuiltApp } from '../../platform/built-app.ts'
import type { Config } from '../../platform/config.ts'
import { cookieNames, cookieOptions } from '../../platform/cookies.ts'
import type { Corp, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { pagePolicy } from '../../platform/page-policy.ts'
import { ProblemError } from '../../platform/pages/problem-page.ts'
import type { SessionService } from '../../platform/sessions/session.service.ts'
import type { GuideService } from '../guides/guide.service.ts'
import type { SettingsService } from '../settings/settings.service.ts'
import type { SignInRedirect } from '../sign-in/sign-in.redirect.ts'
import type { JsSignatureService } from './js-signature.service.ts'
import { prepareSidebarHtml } from './sidebar-html.ts'

type Options = {
  /** null when the front end is not built. */
  built: BuiltApp | null
  corps: Corps
  config: Pick<Config, 'publicUrl' | 'wecom'>
  settings: Pick<SettingsService, 'read'>
  sessions: SessionService
  guides: Pick<GuideService, 'view'>
  signIn: SignInRedirect
  jsSignatures: JsSignatureService
}

/** The page does not wait for tickets longer than this; it asks again by itself. */
const signatureBudgetMs = 1_500

/** The panel's page with the facts it starts from, and signatures for its later addresses. */
export const sidebarPageRoutes: FastifyPluginAsyncTypebox<Options> = async (app, options) => {
  const { built, corps, config, settings, sessions, guides, signIn, jsSignatures } = options
  const render = built && prepareSidebarHtml(built.html)
  const origins = pictureOrigins(config.wecom.apiUrl)
  if (built) serveAssets(app, '/sidebar', built)

  const signQuickly = async (corp: Corp, url: string): Promise<JsSignatures | null> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, signatureBudgetMs, null)
    })
    const signing = jsSignatures.sign(corp, url).catch((error: unknown) => {
      app.log.warn({ err: error }, 'page without signatures')
      return null
    })
    return Promise.race([signing, late]).finally(() => clearTimeout(timer))
  }

  app.get('/sidebar', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) =>
    reply.redirect(`/sidebar/${request.url.slice('/sidebar'.length)}`),
  )

  app.get(
    '/sidebar/',
    {
      config: { access: 'public', page: signIn.problemPage('guide') },
      schema: { operationId: 'openSidebar', summary: "The panel's page; without a session, sign-in" },
    },
    async (request, reply) => {
      const session = await sessions.find('guide', request.cookies[cookieNames.guide])
      const corp = session && corps.get(session.corpId)
      if (!session || !corp) return signIn.toWecom(request, reply, { kind: 'guide', returnPath: request.url })
      if (!built || !render) throw new ProblemError('not-built', 'INTERNAL', 'the panel is not built')

      const [guide, chosen, signatures] = await Promise.all([
        guides.view(session),
        settings.read(corp.corpId),
        signQuickly(corp, `${config.publicUrl}${request.url}`),
      ])
      const facts: BootFacts = {
        corpId: corp.corpId,
        agentId: corp.agentId,
        guide,
        sessionRef: session.ref,
        signatures,
        brand: chosen.brand.name,
        accent: chosen.brand.accent,
        languages: chosen.languages,
      }
      if (request.cookies[cookieNames.signIn]) void reply.clearCookie(cookieNames.signIn, cookieOptions)
      return reply
        .headers({
          'content-security-policy': pagePolicy(built.html, origins, chosen.imageHosts),
          // A chat switch opens the page again without asking us; without signatures it is worth nothing for that.
          'cache-control': signatures ? 'private, max-age=600' : 'no-store',
          vary: 'Cookie',
        })
        .type('text/html; charset=utf-8')
        .send(render(facts))
    },
  )

  app.post(
    '/api/sidebar/js-signatures',
    {
      config: { access: 'guide', limit: 'jsSignatures' },
      schema: {
        operationId: 'signUrl',
        summary: 'JS-SDK signatures for a page of ours',
        body: SignUrl,
        response: { 200: JsSignatures, '4xx': ErrorBody, '5xx': ErrorBody },
      },
    },
    async (request) => {
      const corp = corps.get(request.guide.corpId)
      if (!corp) throw new AppError('UNAUTHENTICATED', 'this corp is not configured any more')
      return jsSignatures.sign(corp, request.body.url)
    },
  )
}

/** WeCom's pictures are https; an emulator's may not be. */
const pictureOrigins = (apiUrl: string) => (apiUrl.startsWith('https:') ? [] : [apiUrl])
