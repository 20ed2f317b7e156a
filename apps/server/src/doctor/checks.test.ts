import { createMemoryTokenStore, createWecomClient } from '@guidebar/wecom'
import { test, type World } from '@guidebar/testkit'
import { expect } from 'vitest'

import { runChecks } from './check.ts'
import { checks, type DoctorContext } from './checks.ts'

const ids = [
  'settings',
  'mongodb',
  'gettoken',
  'agent',
  'customer-contact',
  'ticket-corp',
  'ticket-agent',
  'callback-loop',
  'clock',
]

function envOf(world: World): Record<string, string> {
  const { config } = world
  const { wecom } = config
  return {
    PUBLIC_URL: config.publicUrl,
    MONGODB_URI: (config.mongodbUri ?? '').replace('/?', `/${world.db.name}?`),
    WECOM_CORP_ID: wecom.corpId,
    WECOM_AGENT_ID: wecom.agentId,
    WECOM_SECRET: wecom.secret,
    WECOM_API_URL: wecom.apiUrl,
    WECOM_CALLBACK_TOKEN: wecom.callback?.token ?? '',
    WECOM_CALLBACK_AES_KEY: wecom.callback?.aesKey ?? '',
    ADMIN_USER_IDS: 'TestAdmin',
  }
}

async function examine(world: World, changes: Partial<DoctorContext> & { env?: Record<string, string> } = {}) {
  const context: DoctorContext = {
    connect: ({ wecom }) =>
      createWecomClient({
        ...wecom,
        agentId: Number(wecom.agentId),
        baseUrl: wecom.apiUrl,
        tokenStore: createMemoryTokenStore(),
      }),
    fetch,
    now: () => new Date(),
    ...changes,
    env: { ...envOf(world), ...changes.env },
  }
  const reports = await runChecks(checks, context)
  await context.wecom?.close()
  return {
    reports,
    statusOf: Object.fromEntries(reports.map(({ id, status }) => [id, status])),
    find: (id: string) => reports.find((report) => report.id === id),
  }
}

test('a healthy house passes every look', async ({ world }) => {
  await world.addGuide()

  const { reports, statusOf } = await examine(world)

  expect(reports.map(({ id }) => id)).toEqual(ids)
  // Plain http is the one thing that is not as it should be here.
  expect(statusOf).toEqual({ ...Object.fromEntries(ids.map((id) => [id, 'ok'])), settings: 'warn' })
})

test('missing settings are named, and the rest is skipped', async ({ world }) => {
  const { find, statusOf } = await examine(world, { env: { WECOM_SECRET: '', PUBLIC_URL: 'nonsense' } })

  expect(find('settings')?.cause).toContain('PUBLIC_URL, WECOM_SECRET')
  expect(ids.slice(1).map((id) => statusOf[id])).toEqual(ids.slice(1).map(() => 'skip'))
})

test('behind a proxy that is not named, everybody would share one address', async ({ world }) => {
  const env = { PUBLIC_URL: 'https://guide.shop.cn' }

  expect((await examine(world, { env })).find('settings')).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('TRUST_PROXY'),
  })
  expect((await examine(world, { env: { ...env, TRUST_PROXY: '10.0.0.0/8' } })).find('settings')?.status).toBe('ok')
})

test('a wrong secret is told with its next step and without the secret', async ({ world }) => {
  const { reports, find } = await examine(world, { env: { WECOM_SECRET: 'canaryCanaryCanary42' } })

  expect(find('gettoken')).toMatchObject({
    status: 'fail',
    cause: expect.stringContaining('40001'),
    fix: expect.stringContaining('WECOM_SECRET'),
  })
  expect(find('agent')?.status).toBe('skip')
  expect(JSON.stringify(reports)).not.toContain('canaryCanary')
})

test('customer contact that may not be called, or has nobody, is told', async ({ world }) => {
  expect((await examine(world)).find('customer-contact')).toMatchObject({ status: 'warn' })

  await world.wecom.changeSettings({ customerContactCallable: false })

  expect((await examine(world)).find('customer-contact')).toMatchObject({
    status: 'fail',
    cause: expect.stringContaining('48002'),
  })
})

test('a trusted domain other than PUBLIC_URL is told', async ({ world }) => {
  await world.wecom.changeSettings({ trustedDomains: ['guide.shop.cn'] })

  expect((await examine(world)).find('agent')).toMatchObject({
    status: 'fail',
    cause: expect.stringContaining('guide.shop.cn'),
  })
})

test('callback settings that differ from those of the running server are found', async ({ world }) => {
  const { find } = await examine(world, { env: { WECOM_CALLBACK_TOKEN: 'another' } })

  expect(find('callback-loop')?.status).toBe('fail')
})

test('the question about the callback address is answered whether WeCom has proven itself or not, and counts as no proof', async ({
  world,
}) => {
  const { addresses } = world.services

  expect((await examine(world)).find('callback-loop')?.status).toBe('ok')
  expect((await addresses.find(world.corpId))?.verifiedAt ?? null).toBeNull()
  await addresses.noteVerified(world.corpId, world.clock.now(), null)
  expect((await examine(world)).find('callback-loop')?.status).toBe('ok')

  const armedUntil = (await addresses.find(world.corpId))?.armedUntil
  expect(armedUntil?.getTime()).toBeLessThan(world.clock.now().getTime())
})

test('a clock that is off is found', async ({ world }) => {
  const { find } = await examine(world, { now: () => new Date(Date.now() + 600_000) })

  expect(find('clock')).toMatchObject({ status: 'fail', cause: expect.stringContaining('600') })
})
