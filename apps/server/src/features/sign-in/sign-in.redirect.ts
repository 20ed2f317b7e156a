import type { FastifyReply, FastifyRequest } from 'fastify'

import { cookieNames, cookieOptions } from '../../platform/cookies.ts'
import type { AppError } from '../../platform/errors.ts'
import { replyProblem } from '../../platform/pages/problem-page.ts'
import type { SessionKind } from '../../platform/sessions/session.model.ts'
import { attemptLifeMs, type Browser, type SignInService } from './sign-in.service.ts'

/** How a page sends a browser to sign in, and what it shows when that fails. */
export function createSignInRedirect(signIn: SignInService) {
  return {
    /**
     * Redirects to WeCom and ties the attempt to this browser.
     * @param isAsked a person pressed a button: no loop, however often
     */
    async toWecom(
      request: FastifyRequest,
      reply: FastifyReply,
      { kind, returnPath, isAsked = false }: { kind: SessionKind; returnPath?: unknown; isAsked?: boolean },
    ): Promise<FastifyReply> {
      // Both ways prove the same; which one a browser can walk is all that its name decides.
      const isInWecom = kind === 'guide' || /wxwork/i.test(request.headers['user-agent'] ?? '')
      const known = readBrowser(request)
      const { url, browser } = await signIn.begin({
        kind,
        via: isInWecom ? 'oauth' : 'qr',
        returnPath,
        browser: known && isAsked ? { ...known, tries: 0 } : known,
      })
      const value = `${browser.secret}.${browser.tries}`
      return reply
        .setCookie(cookieNames.signIn, value, { ...cookieOptions, maxAge: attemptLifeMs / 1_000 })
        .redirect(url)
    },

    /** Failures of these pages are pages; the next try starts from zero. */
    problemPage(kind: SessionKind) {
      const page = replyProblem(kind === 'guide' ? '/sidebar/' : '/admin/auth/start')
      return (request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply =>
        page(request, reply.clearCookie(cookieNames.signIn, cookieOptions), error)
    },
  }
}

export type SignInRedirect = ReturnType<typeof createSignInRedirect>

export function readBrowser(request: FastifyRequest): Browser | null {
  const [, secret, tries] = /^([0-9a-f]{32})\.(\d)$/.exec(request.cookies[cookieNames.signIn] ?? '') ?? []
  return secret && tries ? { secret, tries: Number(tries) } : null
}
