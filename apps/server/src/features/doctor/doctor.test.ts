import { startWorld, type World } from '@guidebar/testkit'
import { checkIds, type CheckId, type CheckReport, type ClientReport } from '@guidebar/contracts'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { loadConfig } from '../../platform/config.ts'
import { findingWords } from './words/doctor.words.ts'
import { examineAlone } from './doctor.alone.ts'
import { startFront, type FrontFault } from './doctor.world.ts'

let world: World
let front: Awaited<ReturnType<typeof startFront>>
let fronted: World

beforeAll(async () => {
  front = await startFront()
  const env = { PUBLIC_URL: front.origin, TRUST_PROXY: '127.0.0.1' }
  ;[world, fronted] = await Promise.all([
    startWorld({ mongoUri: inject('mongoUri') }),
    startWorld({ mongoUri: inject('mongoUri'), env }),
  ])
  front.leadTo(fronted.origin)
  await world.addAdmin()
  await world.addGuide({ userId: 'LinXiaomei' })
})
afterAll(async () => {
  await world.close()
  await fronted.close()
  await front.close()
})

const good: ClientReport = {
  href: 'https://guide.shop.cn/sidebar/',
  signedUrl: 'https://guide.shop.cn/sidebar/',
  sdkVersion: '2.4.4',
  wecomVersion: '4.1.30',
  platform: 'windows',
  entry: 'single_chat_tools',
  error: null,
}
const tell = (report: Partial<ClientReport>) =>
  world.as({ userId: 'LinXiaomei' }).post('/client-reports', { ...good, ...report })

async function look(id: CheckId, where = world): Promise<CheckReport> {
  const { checks } = await where.services.doctor.examine({ ids: [id] })
  const found = checks.find((check) => check.id === id)
  if (!found) throw new Error(`${id} was not looked at`)
  return found
}

/** As an installer does it: the address is wrong, and nobody else is there to ask. */
async function lookAlone(id: CheckId, env: Record<string, string>): Promise<CheckReport> {
  const { wecom } = world.config
  const config = loadConfig({
    DATA_DIR: '/tmp/guidebar-doctor-test',
    WECOM_CORP_ID: wecom.corpId,
    WECOM_AGENT_ID: wecom.agentId,
    WECOM_SECRET: wecom.secret,
    ...env,
  })
  const [found] = await examineAlone({
    config,
    wrongVariables: [],
    database: { status: 'in-use' },
    lang: 'zh-CN',
    ids: [id],
  })
  if (!found) throw new Error(`${id} was not looked at`)
  return found
}

async function tryOut(change: { secret?: string; corpId?: string; agentId?: string }, id: CheckId) {
  const checks = await world.services.doctor.tryOut({ ...world.config.wecom, ...change }, {})
  return checks.find((check) => check.id === id)
}

/** How each failure that installers meet comes about, and what the doctor says of it. */
type Failure = [
  number: number,
  name: string,
  finding: string,
  arrange: () => Promise<CheckReport | undefined>,
  tells?: RegExp,
]

const withSettings = async (patch: Parameters<World['wecom']['changeSettings']>[0], id: CheckId) => {
  const before = await world.wecom.settings()
  await world.wecom.changeSettings(patch)
  try {
    return await look(id)
  } finally {
    const { trustedIps, trustedDomains, visibleRange, customerContactCallable, agent, callback } = before
    await world.wecom.changeSettings({
      trustedIps,
      trustedDomains,
      visibleRange,
      customerContactCallable,
      agent,
      callback,
    })
  }
}
const behind = async (fault: FrontFault, id: CheckId) => {
  front.break(fault)
  try {
    return await look(id, fronted)
  } finally {
    front.break('none')
  }
}
const withFault = async (fault: Parameters<World['wecom']['failNext']>[0], id: CheckId) => {
  await world.wecom.failNext(fault)
  try {
    return await look(id)
  } finally {
    await world.wecom.clearFaults()
  }
}

/** What an admin types into WeCom's console differs from what stands here. */
async function savedInConsole(typed: { token?: string; aesKey?: string }): Promise<CheckReport> {
  const { callback } = await world.wecom.settings()
  await world.wecom.changeSettings({ callback: typed })
  expect((await world.wecom.verifyCallbackUrl()).ok).toBe(false)
  await world.wecom.changeSettings({ callback })
  return look('callback-arrival')
}

const failures: Failure[] = [
  [
    1,
    'the IP is not trusted',
    'trusted-ip/not-allowed',
    () => withSettings({ trustedIps: [] }, 'trusted-ip'),
    /127\.0\.0\.1/,
  ],
  [
    2,
    'the domain is a tunnel’s',
    'domain-owner/provider',
    () => lookAlone('domain-owner', { PUBLIC_URL: 'https://a-b.trycloudflare.com' }),
  ],
  [
    3,
    'a single-page app catches the verify file',
    'verify-file/other-content',
    () => behind('spa', 'verify-file'),
    /text\/html/,
  ],
  [3, 'the verify file is redirected', 'verify-file/redirected', () => behind('redirect', 'verify-file')],
  [4, 'a proxy wraps the echo', 'callback-loop/wrapped', () => behind('quotes', 'callback-loop')],
  [4, 'nothing of ours answers', 'callback-loop/wrapped', () => behind('spa', 'callback-loop')],
  [
    4,
    'the Tokens differ',
    'callback-arrival/bad-signature',
    async () => {
      return savedInConsole({ token: 'another' })
    },
  ],
  [
    4,
    'the EncodingAESKeys differ',
    'callback-arrival/bad-key',
    async () => {
      world.clock.advance(2_000)
      return savedInConsole({ aesKey: 'x'.repeat(43) })
    },
  ],
  [
    5,
    'the app may not call customer contact',
    'customer-contact/not-callable',
    () => withSettings({ customerContactCallable: false }, 'customer-contact'),
    /48002/,
  ],
  [
    6,
    'the page is signed for another address',
    'js-signature/other-url',
    async () => {
      const signedUrl = `${world.origin}/sidebar/`
      const { body } = await world.as({ userId: 'LinXiaomei' }).post('/js-signatures', { url: signedUrl })
      const { timestamp, nonceStr, signature } = body.agent
      const { corpId, agentId } = world.corp
      const href = `${world.origin}/sidebar/?from=toolbar`
      const proof = { url: href, timestamp, nonceStr, signature, corpId, agentId, kind: 'agentConfig' } as const
      const verdict = await world.wecom.verifyJsSignature(proof)
      expect(verdict).toMatchObject({ ok: false, errcode: 40093 })
      if (verdict.ok) return undefined
      await tell({
        href,
        signedUrl,
        error: { stage: 'agentConfig', message: verdict.message, errcode: verdict.errcode },
      })
      return look('js-signature')
    },
    /from=too/,
  ],
  [
    7,
    'the trusted domain is another',
    'trusted-domain/differs',
    () => withSettings({ trustedDomains: ['guide.shop.cn'] }, 'trusted-domain'),
    /guide\.shop\.cn.*127\.0\.0\.1/,
  ],
  [7, 'a proxy changes the host', 'public-url/other-host', () => behind('host', 'public-url')],
  [
    8,
    'the app sees nobody',
    'visible-range/nobody',
    () => withSettings({ visibleRange: { userIds: [], departmentIds: [] } }, 'visible-range'),
  ],
  [
    8,
    'a sync «succeeds» with nothing',
    'first-sync/empty',
    async () => {
      await world.sync()
      return look('first-sync')
    },
  ],
  [
    9,
    'the directory refuses this server',
    'member-fields/contact-secret',
    () => withFault({ path: 'user/get', errcode: 48009 }, 'member-fields'),
  ],
  [
    10,
    'the secret is wrong',
    'gettoken/wrong-secret',
    () => tryOut({ secret: 'canaryCanaryCanary42' }, 'gettoken'),
    /40001/,
  ],
  [
    10,
    'the corp id is wrong',
    'gettoken/wrong-corp',
    () => tryOut({ corpId: 'ww00000000000000ff' }, 'gettoken'),
    /40013/,
  ],
  [10, 'the agent id is another app’s', 'agent/other-app', () => tryOut({ agentId: '1000099' }, 'agent'), /301002/],
  [10, 'the app is disabled', 'agent/disabled', () => withSettings({ agent: { stopped: true } }, 'agent')],
  [
    11,
    'even fresh tokens are rejected',
    'token/rejected',
    () => withFault({ path: 'getcallbackip', errcode: 42001, count: null }, 'token'),
    /42001/,
  ],
  [
    12,
    'a sign-in code is used twice',
    'sign-in-codes/spent',
    async () => {
      const { code } = await world.wecom.createOauthCode('LinXiaomei')
      await world.corp.wecom.auth.getUserInfo(code)
      await expect(world.corp.wecom.auth.getUserInfo(code)).rejects.toThrow(/WeCom/)
      return look('sign-in-codes')
    },
  ],
  [
    13,
    'the panel is opened from the workbench',
    'chat-toolbar/outside',
    async () => {
      const message = 'getCurExternalContact:fail_without context of external contact'
      await tell({ entry: 'normal', error: { stage: 'getCurExternalContact', message, errcode: null } })
      return look('chat-toolbar')
    },
  ],
  [
    14,
    'the console has a welcome of its own',
    'welcome/no-code',
    async () => {
      await world.wecom.act('addCustomer', { userId: 'LinXiaomei', withoutWelcomeCode: true })
      await world.settle()
      return look('welcome')
    },
  ],
  [
    15,
    'the mini program is not linked',
    'mini-program/not-linked',
    async () => {
      const appId = 'wx0a1b2c3d4e5f6789'
      expect((await world.asAdmin().post('/set-up/mini-program-test', { appId })).statusCode).toBe(204)
      return look('mini-program')
    },
    /90206/,
  ],
  [
    16,
    'the customer is gone, and nobody told us',
    'relations-refused/lost',
    async () => {
      const guide = { corpId: world.corpId, userId: 'LinXiaomei', name: '', departmentId: 2 }
      const { customer, tagIds } = await world.follow({ guide, tags: ['新客'] })
      await world.wecom.changeSettings({ callback: { dropRate: 1 } })
      await world.wecom.act('guideDeletesCustomer', { userId: guide.userId, externalUserId: customer.externalUserId })
      await world.wecom.changeSettings({ callback: { dropRate: 0 } })
      const path = `/customers/${customer.externalUserId}/tags`
      expect((await world.as(guide).put(path, { add: [], remove: tagIds })).statusCode).toBe(404)
      return look('relations-refused')
    },
  ],
  [
    17,
    'the client is too old',
    'js-sdk/too-old',
    async () => {
      await tell({ wecomVersion: '2.8.12' })
      return look('js-sdk')
    },
  ],
  [
    17,
    'an old script takes the SDK’s place',
    'js-sdk/no-function',
    async () => {
      await tell({ error: { stage: 'agentConfig', message: 'wx.agentConfig is not a function', errcode: null } })
      return look('js-sdk')
    },
  ],
  [
    18,
    'WeCom shuts an API for a while',
    'api-limits/closed',
    async () => {
      await world.wecom.failNext({ path: 'externalcontact/get_corp_tag_list', errcode: 45009 })
      await expect(world.services.tags.refresh(world.corp)).rejects.toThrow(/WeCom/)
      return look('api-limits')
    },
  ],
  [
    19,
    'no customer has a unionid',
    'union-id/none',
    async () => {
      await world.db.collection('customers').updateMany({}, { $set: { unionId: null, type: 1 } })
      return look('union-id')
    },
  ],
  [
    20,
    'the clock is off',
    'clock/off',
    () => withFault({ path: 'getcallbackip', dateOffsetSec: 600 }, 'clock'),
    /-?(59|60)\d 秒/,
  ],
  [
    20,
    'what listens is no TLS',
    'tls/handshake',
    () => lookAlone('tls', { PUBLIC_URL: world.origin.replace('http:', 'https:') }),
  ],
]

test.each(failures)('%i: %s (%s)', async (_number, _name, finding, arrange, tells = /./) => {
  const report = await arrange()

  expect(`${report?.id}/${report?.finding}`).toBe(finding)
  expect(['warn', 'fail']).toContain(report?.status)
  expect(report?.fix).toMatch(/./)
  expect(report?.cause).toMatch(tells)
})

test('all twenty failures are produced here, and each has words in every language', () => {
  expect(new Set(failures.map(([number]) => number))).toEqual(new Set(Array.from({ length: 20 }, (_, at) => at + 1)))
  for (const [, , finding] of failures) {
    const [id = '', name = ''] = finding.split('/')
    for (const lang of ['zh-CN', 'zh-TW', 'en'] as const) {
      const { cause, fix } = findingWords(lang, id as CheckId, name, {})
      expect([cause, fix]).not.toContain(name)
      expect(fix).toMatch(/./)
    }
  }
})

test('a report holds every check in its order, no secret, and the words of the asked language', async () => {
  const { body } = await world.asAdmin().get('/doctor?lang=en')

  expect(body.checks.map(({ id }: CheckReport) => id)).toEqual(checkIds)
  const { secret, callback } = world.config.wecom
  for (const word of [secret, callback?.token, callback?.aesKey]) expect(JSON.stringify(body)).not.toContain(word)
  expect(body.checks.find(({ id }: CheckReport) => id === 'gettoken')).toMatchObject({
    status: 'ok',
    title: 'Secret',
    fix: null,
  })
})

test('the house as it should be passes, and asking itself proves nothing about WeCom', async () => {
  const { addresses } = fronted.services

  const { checks } = await fronted.services.doctor.examine({
    ids: ['gettoken', 'agent', 'public-url', 'verify-file', 'callback-loop', 'ticket-corp', 'ticket-agent', 'clock'],
  })

  expect(checks.map(({ status }) => status)).toEqual(checks.map(() => 'ok'))
  const state = await addresses.find(fronted.corpId)
  expect([state?.verifiedAt ?? null, state?.lastAttempt ?? null]).toEqual([null, null])
})

test('a guide may not ask, and a check that does not exist is named as such', async () => {
  const asGuide = await world.as({ userId: 'LinXiaomei' }).get('/api/admin/doctor')
  const unknown = await world.asAdmin().get('/doctor?ids=gettoken,no-such-check')

  expect([asGuide.statusCode, unknown.statusCode]).toEqual([401, 400])
})
