import { randomBytes } from 'node:crypto'

import { createTestBrowser, findFreePort, passWecom } from '@guidebar/testkit'
import { createWecomEmulator } from '@guidebar/wecom-emulator'
import { afterEach, expect, inject, test } from 'vitest'

import { loadConfig } from '../../platform/config.ts'
import { startServer } from '../../start-server.ts'

const makeKey = () => randomBytes(32).toString('base64')
const secret = 'Zk3vQ9mT7cL4zP1wXy8bN2rD6hG5jK0s'
const corpId = 'ww5f2a9c31d7be4608'
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** A bare server: no corp, no admin, nothing but an address and a database. */
async function startBare({ dbName = `bare-${randomBytes(6).toString('hex')}`, keys = makeKey(), env = {} } = {}) {
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const emulator = await createWecomEmulator({
    settings: { corp: { corpId }, agent: { secret }, trustedDomains: [new URL(origin).host] },
  })
  await emulator.control.load({
    departments: [{ id: 1, name: '星河' }],
    members: [{ userId: 'Boss', name: '老板', departmentIds: [1], customerContact: true }],
    customers: [{ externalUserId: 'wmFirst', name: '第一位' }],
    relations: [{ userId: 'Boss', externalUserId: 'wmFirst' }],
  })
  const said: string[] = []
  const config = loadConfig({
    PUBLIC_URL: origin,
    PORT: String(port),
    MONGODB_URI: inject('mongoUri').replace('/?', `/${dbName}?`),
    WECOM_API_URL: emulator.url,
    WECOM_OAUTH_URL: emulator.url,
    WECOM_LOGIN_URL: emulator.url,
    DATA_KEYS: keys,
    LOG_LEVEL: 'info',
    RATE_LIMIT_SCALE: '100',
    ...env,
  })
  const server = await startServer(config, {
    log: (line) => said.push(line),
    built: { sidebar: null, admin: null },
  })
  ends.push(
    () => emulator.close(),
    () => server.close(),
  )
  const code = () => /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(said.join('\n'))?.[0] ?? ''
  return { origin, emulator, server, code, dbName, keys, browser: createTestBrowser({ origin }) }
}

type Bare = Awaited<ReturnType<typeof startBare>>

async function letIn({ browser, code }: Bare) {
  expect((await browser.post('/admin/auth/first-admin', { code: code() })).statusCode).toBe(204)
}

const credentials = { corpId, agentId: '1000014', secret }

test('from a bare server to the first synced customer, with the code and nothing else', async () => {
  const bare = await startBare()
  const { browser, emulator, origin, server } = bare
  expect((await browser.get('/admin/auth/first-admin')).body).toEqual({ open: true })
  expect((await browser.get('/api/admin/set-up')).statusCode).toBe(401)
  expect((await browser.post('/admin/auth/first-admin', { code: 'AAAA-BBBB-CCCC' })).statusCode).toBe(403)
  await letIn(bare)

  const refused = await browser.put('/api/admin/set-up/credentials', { ...credentials, secret: 'canaryCanaryCanary42' })
  expect(refused.body).toMatchObject({ isKept: false })
  expect(refused.body.checks.find(({ id }: { id: string }) => id === 'gettoken').finding).toBe('wrong-secret')
  expect((await browser.put('/api/admin/set-up/credentials', credentials)).body).toMatchObject({ isKept: true })

  // Without a restart: the callback, the verify file and the sign-in follow.
  const { body: made } = await browser.post('/api/admin/set-up/callback')
  await emulator.control.changeSettings({ callback: { url: `${origin}/wecom/callback/${corpId}`, ...made } })
  expect(await emulator.control.verifyCallbackUrl()).toMatchObject({ ok: true })
  const file = { name: 'WW_verify_Ab12.txt', content: 'Ab12' }
  expect((await browser.put('/api/admin/set-up/verify-file', file)).statusCode).toBe(200)
  expect((await browser.get(`${origin}/WW_verify_Ab12.txt`)).text).toBe('Ab12')
  const { checks } = (await browser.get('/api/admin/doctor?ids=callback-loop,verify-file,callback-settings')).body
  expect(checks.map(({ status }: { status: string }) => status)).toEqual(['ok', 'ok', 'ok'])

  // Whoever signs in with this browser is the first owner, and the code is worth nothing afterwards.
  const start = await browser.get('/admin/auth/start')
  const back = await passWecom(start.headers.get('location') ?? '', 'Boss')
  expect((await browser.get(back)).statusCode).toBe(302)
  expect((await browser.get('/api/admin/me')).body).toMatchObject({ userId: 'Boss', role: 'owner' })
  expect((await browser.get('/admin/auth/first-admin')).body).toEqual({ open: false })
  const other = createTestBrowser({ origin })
  expect((await other.post('/admin/auth/first-admin', { code: bare.code() })).statusCode).toBe(403)

  await browser.post('/api/admin/sync', {})
  await expect.poll(async () => (await browser.get('/api/admin/sync')).body.phase, { timeout: 30_000 }).toBe('done')
  expect((await server.app.services.relations.counts(corpId)).relations).toBe(1)

  // What is kept is kept sealed, and told to nobody.
  const { body: view } = await browser.get('/api/admin/set-up')
  expect(view.fields.secret).toMatchObject({ isSet: true, source: 'panel', lastFour: secret.slice(-4), value: null })
  const db = server.app.services.corpSettings
  expect(db.given().secret).toBe(secret)
  for (const word of [secret, made.token, made.aesKey]) expect(JSON.stringify(view)).not.toContain(word)
})

test('the code is not needed for who is let in already, and a guide’s proof opens no set-up', async () => {
  const bare = await startBare()
  await letIn(bare)

  const progress = await bare.browser.put('/api/admin/set-up/progress', {
    step: 'domain',
    answers: { ownDomain: true, verifiedCorp: true },
  })
  const again = await bare.browser.get('/api/admin/set-up')
  const elsewhere = await bare.browser.get('/api/admin/home')

  expect(progress.body).toMatchObject({ step: 'domain', answers: { ownDomain: true, verifiedCorp: true } })
  expect(again.body.step).toBe('domain')
  expect(elsewhere.statusCode).toBe(403)
})

test('another process takes a change over by itself', async () => {
  const first = await startBare()
  const second = await startBare({ dbName: first.dbName, keys: first.keys })
  const code = second.code()
  await first.browser.post('/admin/auth/first-admin', { code })

  expect((await first.browser.put('/api/admin/set-up/credentials', credentials)).body).toMatchObject({ isKept: true })

  const theirs = second.server.app.services.corpSettings
  await expect.poll(() => theirs.wecom()?.secret, { timeout: 20_000 }).toBe(secret)
})

test('a new key seals anew what the old one sealed, and without the right key nothing is readable', async () => {
  const first = await startBare()
  await letIn(first)
  await first.browser.put('/api/admin/set-up/credentials', credentials)
  const newKey = makeKey()

  const between = await startBare({ dbName: first.dbName, keys: `${newKey},${first.keys}` })
  const onlyNew = await startBare({ dbName: first.dbName, keys: newKey })
  const onlyOld = await startBare({ dbName: first.dbName, keys: first.keys })

  expect(between.server.app.services.corpSettings.wecom()?.secret).toBe(secret)
  expect(onlyNew.server.app.services.corpSettings.wecom()?.secret).toBe(secret)
  const { corpSettings, doctor } = onlyOld.server.app.services
  expect([corpSettings.wecom(), corpSettings.isUnreadable()]).toEqual([null, true])
  const { checks } = await doctor.examine({ ids: ['corp-settings'] })
  expect(checks[0]).toMatchObject({ status: 'fail', finding: 'unreadable' })
})

test('the environment wins, says so, and cannot be changed here', async () => {
  const bare = await startBare({ env: { WECOM_CORP_ID: corpId } })
  await letIn(bare)

  const refused = await bare.browser.put('/api/admin/set-up/credentials', credentials)
  const { agentId } = credentials
  const kept = await bare.browser.put('/api/admin/set-up/credentials', { agentId, secret })

  expect([refused.statusCode, refused.body.error.at]).toEqual([409, '/body/corpId'])
  expect(kept.body.isKept).toBe(true)
  const { fields } = (await bare.browser.get('/api/admin/set-up')).body
  expect([fields.corpId.source, fields.secret.source]).toEqual(['environment', 'panel'])
})
