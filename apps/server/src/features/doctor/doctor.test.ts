import { checkIds, type CheckId, type CheckReport } from '@guidebar/contracts'
import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { failuresIn, furnish, tunnelEnv, type Houses } from './failures.world.ts'
import { startFront } from './doctor.world.ts'
import { findingWords } from './words/doctor.words.ts'

let world: World
let front: Awaited<ReturnType<typeof startFront>>
let fronted: World
let houses: Houses

beforeAll(async () => {
  front = await startFront()
  const mongoUri = inject('mongoUri')
  // One after another: three at once take longer to start than a busy machine is given.
  const plain = await startWorld({ mongoUri })
  fronted = await startWorld({ mongoUri, env: { PUBLIC_URL: front.origin, TRUST_PROXY: '127.0.0.1' } })
  const tunnelled = await startWorld({ mongoUri, env: tunnelEnv })
  world = plain
  houses = { plain, fronted, tunnelled, front }
  await furnish(houses)
})
afterAll(async () => {
  await Promise.all([houses.plain.close(), houses.fronted.close(), houses.tunnelled.close()])
  await front.close()
})

test('each of the twenty failures is found, with its cause, what to do, and where', async () => {
  const failures = failuresIn(houses)
  for (const { name, finding, house, arrange, look, tells = /./ } of failures) {
    const [id = ''] = finding.split('/')

    const undo = await arrange()
    const report = look
      ? await look()
      : (await houses[house].services.doctor.examine({ ids: [id as CheckId] })).checks.find((one) => one.id === id)
    await undo?.()

    expect.soft(`${report?.id}/${report?.finding}`, name).toBe(finding)
    expect.soft(['warn', 'fail'], name).toContain(report?.status)
    expect.soft(report?.cause, name).toMatch(tells)
    expect.soft(report?.fix, name).toMatch(/./)
    expect.soft(report?.link, name).toMatch(/^https:\/\//)
  }
  expect(new Set(failures.map(({ number }) => number))).toEqual(new Set(Array.from({ length: 20 }, (_, at) => at + 1)))
})

test('each failure has words in every language', () => {
  for (const { finding } of failuresIn(houses)) {
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
