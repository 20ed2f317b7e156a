import { randomBytes } from 'node:crypto'

import type { World } from '@guidebar/testkit'
import type { CheckId, CheckReport, ClientReport } from '@guidebar/contracts'

import type { FrontFault, startFront } from './doctor.world.ts'

/**
 * The houses in which things go wrong: one as it should be, one behind a proxy that can be broken, and one whose public
 * address is a tunnel's.
 */
export type Houses = {
  plain: World
  fronted: World
  tunnelled: World
  front: Awaited<ReturnType<typeof startFront>>
}

/** How one of the failures that installers meet comes about, and what the doctor is to say of it. */
export type Failure = {
  /** As installers' questions are counted: 1 to 20. */
  number: number
  name: string
  finding: `${CheckId}/${string}`
  house: 'plain' | 'fronted' | 'tunnelled'
  /** @returns what takes it away again, where it would stay */
  arrange(): Promise<(() => unknown) | void>
  /** The words in which it is told, beside its cause's own. */
  tells?: RegExp
  /** Asked with settings that are not kept: such a failure never stands on the page. */
  look?: () => Promise<CheckReport | undefined>
}

const good: ClientReport = {
  href: 'https://guide.shop.cn/sidebar/',
  signedUrl: 'https://guide.shop.cn/sidebar/',
  sdkVersion: '2.4.4',
  wecomVersion: '4.1.30',
  platform: 'windows',
  entry: 'single_chat_tools',
  error: null,
}
const guideId = 'LinXiaomei'
/** The environment of the house that is reached through a tunnel. */
export const tunnelEnv = { PUBLIC_URL: 'https://a-b.trycloudflare.com' }
/** What one who looks at all the houses has to bring: an admin, a guide, and nothing wrong. */
export async function furnish({ plain, fronted, tunnelled, front }: Houses): Promise<void> {
  front.leadTo(fronted.origin)
  for (const world of [plain, fronted, tunnelled]) await world.addAdmin()
  await plain.addGuide({ userId: guideId })
}

/** All twenty, some in several forms; in this order, since what one leaves behind the next ones may need. */
export function failuresIn({ plain, front }: Houses): Failure[] {
  const tell = (report: Partial<ClientReport>) =>
    plain.as({ userId: guideId }).post('/client-reports', { ...good, ...report })

  const settings = (patch: Parameters<World['wecom']['changeSettings']>[0]) => async () => {
    const { trustedIps, trustedDomains, visibleRange, customerContactCallable, agent, callback } =
      await plain.wecom.settings()
    await plain.wecom.changeSettings(patch)
    const before = { trustedIps, trustedDomains, visibleRange, customerContactCallable, agent, callback }
    return () => plain.wecom.changeSettings(before)
  }
  const fault = (given: Parameters<World['wecom']['failNext']>[0]) => async () => {
    await plain.wecom.failNext({ count: null, ...given })
    return () => plain.wecom.clearFaults()
  }
  const behind = (wanted: FrontFault) => async () => {
    front.break(wanted)
    return () => front.break('none')
  }
  /** What an admin types into WeCom's console differs from what stands here. */
  const savedInConsole = (typed: { token?: string; aesKey?: string }) => async () => {
    plain.clock.advance(2_000)
    const { callback } = await plain.wecom.settings()
    await plain.wecom.changeSettings({ callback: typed })
    await plain.wecom.verifyCallbackUrl()
    await plain.wecom.changeSettings({ callback })
  }
  const tryOut = (change: { secret?: string; corpId?: string; agentId?: string }, id: CheckId) => async () => {
    const checks = await plain.services.doctor.tryOut({ ...plain.config.wecom, ...change }, {})
    return checks.find((check) => check.id === id)
  }
  const nothing = async () => undefined

  return [
    {
      number: 1,
      name: 'the IP is not trusted',
      finding: 'trusted-ip/not-allowed',
      house: 'plain',
      arrange: settings({ trustedIps: [] }),
      tells: /127\.0\.0\.1.*60020/,
    },
    {
      number: 2,
      name: 'the domain is a tunnel’s',
      finding: 'domain-owner/provider',
      house: 'tunnelled',
      arrange: nothing,
      tells: /a-b\.trycloudflare\.com/,
    },
    {
      number: 3,
      name: 'a single-page app catches the verify file',
      finding: 'verify-file/other-content',
      house: 'fronted',
      arrange: behind('spa'),
      tells: /text\/html/,
    },
    {
      number: 3,
      name: 'the verify file is redirected',
      finding: 'verify-file/redirected',
      house: 'fronted',
      arrange: behind('redirect'),
    },
    {
      number: 4,
      name: 'a proxy wraps the echo',
      finding: 'callback-loop/wrapped',
      house: 'fronted',
      arrange: behind('quotes'),
    },
    {
      number: 4,
      name: 'the Tokens differ',
      finding: 'callback-arrival/bad-signature',
      house: 'plain',
      arrange: savedInConsole({ token: 'another' }),
    },
    {
      number: 4,
      name: 'the EncodingAESKeys differ',
      finding: 'callback-arrival/bad-key',
      house: 'plain',
      arrange: savedInConsole({ aesKey: 'x'.repeat(43) }),
    },
    {
      number: 5,
      name: 'the app may not call customer contact',
      finding: 'customer-contact/not-callable',
      house: 'plain',
      arrange: settings({ customerContactCallable: false }),
      tells: /48002/,
    },
    {
      number: 6,
      name: 'the page is signed for another address',
      finding: 'js-signature/other-url',
      house: 'plain',
      async arrange() {
        const signedUrl = `${plain.origin}/sidebar/`
        const { body } = await plain.as({ userId: guideId }).post('/js-signatures', { url: signedUrl })
        const { timestamp, nonceStr, signature } = body.agent
        const { corpId, agentId } = plain.corp
        const href = `${plain.origin}/sidebar/?from=toolbar`
        const proof = { url: href, timestamp, nonceStr, signature, corpId, agentId, kind: 'agentConfig' } as const
        const verdict = await plain.wecom.verifyJsSignature(proof)
        if (verdict.ok) throw new Error('WeCom takes a signature of another page')
        const { message, errcode } = verdict
        await tell({ href, signedUrl, error: { stage: 'agentConfig', message, errcode } })
      },
      tells: /40093.*from=too/,
    },
    {
      number: 7,
      name: 'the trusted domain is another',
      finding: 'trusted-domain/differs',
      house: 'plain',
      arrange: settings({ trustedDomains: ['guide.shop.cn'] }),
      tells: /guide\.shop\.cn.*127\.0\.0\.1/,
    },
    {
      number: 7,
      name: 'a proxy changes the host',
      finding: 'public-url/other-host',
      house: 'fronted',
      arrange: behind('host'),
    },
    {
      number: 8,
      name: 'the app sees nobody',
      finding: 'visible-range/nobody',
      house: 'plain',
      arrange: settings({ visibleRange: { userIds: [], departmentIds: [] } }),
    },
    {
      number: 8,
      name: 'a sync «succeeds» with nothing',
      finding: 'first-sync/empty',
      house: 'plain',
      async arrange() {
        await plain.sync()
      },
    },
    {
      number: 9,
      name: 'the directory refuses this server',
      finding: 'member-fields/contact-secret',
      house: 'plain',
      arrange: fault({ path: 'user/get', errcode: 48009 }),
      tells: /48009/,
    },
    {
      number: 10,
      name: 'the secret is wrong',
      finding: 'gettoken/wrong-secret',
      house: 'plain',
      arrange: nothing,
      look: tryOut({ secret: `canary${randomBytes(8).toString('hex')}` }, 'gettoken'),
      tells: /40001/,
    },
    {
      number: 10,
      name: 'the corp id is wrong',
      finding: 'gettoken/wrong-corp',
      house: 'plain',
      arrange: nothing,
      look: tryOut({ corpId: 'ww00000000000000ff' }, 'gettoken'),
      tells: /40013/,
    },
    {
      number: 10,
      name: 'the agent id is another app’s',
      finding: 'agent/other-app',
      house: 'plain',
      arrange: nothing,
      look: tryOut({ agentId: '1000099' }, 'agent'),
      tells: /301002/,
    },
    {
      number: 10,
      name: 'the app is disabled',
      finding: 'agent/disabled',
      house: 'plain',
      arrange: settings({ agent: { stopped: true } }),
    },
    {
      number: 11,
      name: 'even fresh tokens are rejected',
      finding: 'token/rejected',
      house: 'plain',
      arrange: fault({ path: 'getcallbackip', errcode: 42001 }),
      tells: /42001/,
    },
    {
      number: 12,
      name: 'a sign-in code is used twice',
      finding: 'sign-in-codes/spent',
      house: 'plain',
      async arrange() {
        const { code } = await plain.wecom.createOauthCode(guideId)
        await plain.corp.wecom.auth.getUserInfo(code)
        await plain.corp.wecom.auth.getUserInfo(code).catch(() => undefined)
      },
      tells: /40029/,
    },
    {
      number: 13,
      name: 'the panel is opened from the workbench',
      finding: 'chat-toolbar/outside',
      house: 'plain',
      async arrange() {
        const message = 'getCurExternalContact:fail_without context of external contact'
        await tell({ entry: 'normal', error: { stage: 'getCurExternalContact', message, errcode: null } })
      },
    },
    {
      number: 14,
      name: 'the console has a welcome of its own',
      finding: 'welcome/no-code',
      house: 'plain',
      async arrange() {
        await plain.wecom.act('addCustomer', { userId: guideId, withoutWelcomeCode: true })
        await plain.settle()
      },
    },
    {
      number: 15,
      name: 'the mini program is not linked',
      finding: 'mini-program/not-linked',
      house: 'plain',
      async arrange() {
        await plain.asAdmin().post('/set-up/mini-program-test', { appId: 'wx0a1b2c3d4e5f6789' })
      },
      tells: /90206/,
    },
    {
      number: 16,
      name: 'the customer is gone, and nobody told us',
      finding: 'relations-refused/lost',
      house: 'plain',
      async arrange() {
        const guide = { corpId: plain.corpId, userId: guideId, name: '', departmentId: 2 }
        const { customer, tagIds } = await plain.follow({ guide, tags: ['新客'] })
        await plain.wecom.changeSettings({ callback: { dropRate: 1 } })
        await plain.wecom.act('guideDeletesCustomer', { userId: guideId, externalUserId: customer.externalUserId })
        await plain.wecom.changeSettings({ callback: { dropRate: 0 } })
        await plain.as(guide).put(`/customers/${customer.externalUserId}/tags`, { add: [], remove: tagIds })
      },
      tells: /84061/,
    },
    {
      number: 17,
      name: 'the client is too old',
      finding: 'js-sdk/too-old',
      house: 'plain',
      async arrange() {
        await tell({ wecomVersion: '2.8.12' })
      },
      tells: /2\.8\.12/,
    },
    {
      number: 17,
      name: 'an old script takes the SDK’s place',
      finding: 'js-sdk/no-function',
      house: 'plain',
      async arrange() {
        await tell({ error: { stage: 'agentConfig', message: 'wx.agentConfig is not a function', errcode: null } })
      },
      tells: /wx\.agentConfig is not a function/,
    },
    {
      number: 18,
      name: 'WeCom shuts an API for a while',
      finding: 'api-limits/closed',
      house: 'plain',
      async arrange() {
        await plain.wecom.failNext({ path: 'externalcontact/get_corp_tag_list', errcode: 45009 })
        await plain.services.tags.refresh(plain.corp).catch(() => undefined)
      },
      tells: /45009/,
    },
    {
      number: 19,
      name: 'no customer has a unionid',
      finding: 'union-id/none',
      house: 'plain',
      async arrange() {
        await plain.db.collection('customers').updateMany({}, { $set: { unionId: null, type: 1 } })
      },
    },
    {
      number: 20,
      name: 'the clock is off',
      finding: 'clock/off',
      house: 'plain',
      arrange: fault({ path: 'getcallbackip', dateOffsetSec: 600 }),
      tells: /-?(59|60)\d 秒/,
    },
    { number: 20, name: 'the address has no TLS', finding: 'tls/handshake', house: 'tunnelled', arrange: nothing },
  ]
}
