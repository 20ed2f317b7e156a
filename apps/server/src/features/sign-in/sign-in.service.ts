import { createHash, randomBytes } from 'node:crypto'

import { UserId } from '@guidebar/contracts'
import { oauthUrl, qrLoginUrl, WecomError } from '@guidebar/wecom'
import { Value } from 'typebox/value'

import type { AuditService } from '../../platform/audit/audit.service.ts'
import type { Config } from '../../platform/config.ts'
import type { Clock, Corp, Corps } from '../../platform/deps.ts'
import { ProblemError } from '../../platform/pages/problem-page.ts'
import { firstAdminUserId } from '../../platform/rights/first-admin.rights.ts'
import type { RightsService } from '../../platform/rights/rights.service.ts'
import type { SessionKind } from '../../platform/sessions/session.model.ts'
import type { SessionService } from '../../platform/sessions/session.service.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { GuideService } from '../guides/guide.service.ts'
import { safeReturnPath } from './return-path.ts'
import type { SignInAttemptRepository } from './sign-in-attempt.repository.ts'

/** WeCom's code lives five minutes; a person may take a while to scan. */
export const attemptLifeMs = 10 * 60_000
/** A sign-in that fails twice would fail for ever: then a page says so. */
const mostTries = 2

/** Begins with the first try; kept in the browser's cookie while it is away at WeCom. */
export type Browser = { secret: string; tries: number }
type SignInResult = { sessionId: string; returnPath: string }

type Deps = {
  corps: Pick<Corps, 'default'>
  attempts: SignInAttemptRepository
  sessions: SessionService
  guides: Pick<GuideService, 'find' | 'read'>
  rights: Pick<RightsService, 'find' | 'makeFirstOwner'>
  audit: AuditService
  config: Pick<Config, 'publicUrl' | 'wecom'>
  clock: Clock
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
// The code was used or is too old: a new one will do. Anything else is not cured by trying again.
const isSpentCode = (error: unknown) => error instanceof WecomError && [40029, 42003, 42022].includes(error.errcode)
const isUnknownMember = (error: unknown) =>
  error instanceof WecomError && [60111, 60011, 46004, 40003].includes(error.errcode)

/** Proves with WeCom who sits at a browser and begins a session for that member. */
export function createSignInService({ corps, attempts, sessions, guides, rights, audit, config, clock }: Deps) {
  function requireCorp(): Corp {
    if (!corps.default) throw new ProblemError('not-set-up', 'WECOM_NOT_SET_UP', 'no corp is set up yet')
    return corps.default
  }

  /** The member as stored, or as WeCom has him now when what is stored does not let him in. */
  async function readMember(corp: Corp, userId: string, mayEnter: (member: Member) => boolean): Promise<Member | null> {
    const known = await guides.find({ corpId: corp.corpId, userId })
    if (known && mayEnter(known)) return known
    try {
      return await guides.read(corp, userId)
    } catch (error) {
      if (isUnknownMember(error)) return null
      throw error
    }
  }

  /** @param asFirst this browser has shown the one-time code, and there is no owner yet */
  async function admitAdmin(corp: Corp, userId: string, asFirst: boolean): Promise<Member> {
    const key = { corpId: corp.corpId, userId }
    const isAdmin = asFirst || (await rights.find(key)) !== null
    const member = isAdmin ? await readMember(corp, userId, isActive) : null
    if (!member || !isActive(member)) {
      await audit.note(key, { action: 'session.refused', target: userId })
      throw new ProblemError('not-an-admin', 'FORBIDDEN', 'this member is no admin')
    }
    const entry = { ...key, userId: member.userId }
    if (asFirst) {
      await audit.note(entry, { action: 'rights.first-owner', target: member.userId })
      await rights.makeFirstOwner(entry)
    }
    await audit.note(entry, { action: 'session.began', target: member.userId })
    return member
  }

  async function admit(corp: Corp, kind: SessionKind, userId: string, asFirst: boolean): Promise<Member> {
    if (kind === 'admin') return admitAdmin(corp, userId, asFirst)
    const member = await readMember(corp, userId, mayServe)
    if (!member || !mayServe(member))
      throw new ProblemError('not-a-guide', 'NOT_A_GUIDE', 'this member has no customer contact, or is out of range')
    return member
  }

  return {
    /**
     * Sends a browser to WeCom.
     * @param via `oauth` inside WeCom, `qr` elsewhere
     * @param browser what its cookie holds, if anything
     * @throws ProblemError `sign-in-loop` when this browser was sent too often
     */
    async begin(input: { kind: SessionKind; via: 'oauth' | 'qr'; returnPath: unknown; browser: Browser | null }) {
      const { kind, via } = input
      const corp = requireCorp()
      const browser = {
        secret: input.browser?.secret ?? randomBytes(16).toString('hex'),
        tries: (input.browser?.tries ?? 0) + 1,
      }
      if (browser.tries > mostTries)
        throw new ProblemError('sign-in-loop', 'UNAUTHENTICATED', 'sign-in failed twice in a row')

      const state = randomBytes(16).toString('hex')
      await attempts.add({
        _id: hashOf(state),
        kind,
        corpId: corp.corpId,
        browserHash: hashOf(browser.secret),
        returnPath: safeReturnPath(kind, input.returnPath),
        endsAt: new Date(clock.now().getTime() + attemptLifeMs),
      })
      const redirectUri = `${config.publicUrl}/${kind === 'guide' ? 'sidebar' : 'admin'}/auth/callback`
      const link = { corpId: corp.corpId, agentId: Number(corp.agentId), redirectUri, state }
      const url =
        via === 'qr'
          ? qrLoginUrl({ ...link, origin: config.wecom.loginUrl })
          : oauthUrl({ ...link, origin: config.wecom.oauthUrl })
      return { url, browser }
    },

    /**
     * Takes a browser back from WeCom. The code is used once, here, and never seen again.
     * @returns null when the state or the code is spent, so that the browser may be sent once more
     * @throws ProblemError when this person may not come in; AppError when WeCom does not help
     */
    async finish(input: {
      kind: SessionKind
      state: unknown
      code: unknown
      browser: Browser | null
      /** The id of the session this browser has; only one that came with the one-time code matters here. */
      sessionId?: string
    }): Promise<SignInResult | null> {
      const { kind, state, code, browser, sessionId: before } = input
      const corp = requireCorp()
      if (!browser) throw new ProblemError('cookies-blocked', 'UNAUTHENTICATED', 'the browser sent no sign-in cookie')
      if (typeof state !== 'string' || !/^[0-9a-f]{32}$/.test(state)) return null
      if (typeof code !== 'string' || code.length === 0 || code.length > 512) return null

      const attempt = await attempts.take(hashOf(state))
      const isOurs =
        attempt?.kind === kind && attempt.corpId === corp.corpId && attempt.browserHash === hashOf(browser.secret)
      if (!isOurs || attempt.endsAt <= clock.now()) return null

      try {
        const user = await corp.wecom.auth.getUserInfo(code)
        // Members of linked corps come as `corp/userid`: not ours either.
        if (user.kind !== 'member' || !Value.Check(UserId, user.userId))
          throw new ProblemError('not-a-member', 'FORBIDDEN', 'not a member of this corp')
        const asFirst = kind === 'admin' && (await sessions.find('admin', before))?.userId === firstAdminUserId
        const member = await admit(corp, kind, user.userId, asFirst)
        const sessionId = await sessions.begin(
          kind,
          { corpId: corp.corpId, userId: member.userId },
          member.sessionEpoch,
        )
        return { sessionId, returnPath: attempt.returnPath }
      } catch (error) {
        if (isSpentCode(error)) return null
        throw toSignInError(error)
      }
    },

    sweep: () => attempts.sweep(clock.now()),
  }
}

export type SignInService = ReturnType<typeof createSignInService>
type Member = { userId: string; status: string; canServe: boolean; sessionEpoch: number }

const isActive = (member: Member) => member.status === 'active'
const mayServe = (member: Member) => isActive(member) && member.canServe

/** WeCom's failures get our codes; the database's and our own stay what they are. */
function toSignInError(error: unknown): unknown {
  const known = toAppError(error)
  return known.code === 'INTERNAL' ? error : known
}
