import { test } from '@guidebar/testkit'
import { signIn } from '@guidebar/testkit/sign-in'
import { expect } from 'vitest'

import { codeLifeMs } from '../../platform/rights/first-admin.service.ts'

test.override({ worldOptions: { env: { ADMIN_USER_IDS: '' } } })

test('the one-time code opens the set-up only, and the next sign-in through WeCom is the owner', async ({ world }) => {
  await world.addAdmin()
  const browser = world.newBrowser()
  const enter = (code: string) => browser.post('/admin/auth/first-admin', { code })
  const code = (await world.services.firstAdmin.issue(world.corpId)) ?? ''

  const wrong = await enter('AAAA-AAAA-AAAA')
  const right = await enter(code.toLowerCase())
  const me = await browser.get('/api/admin/me')
  const home = await browser.get('/api/admin/home')
  const owner = await signIn(world.origin, 'admin', 'TestAdmin', browser)
  const asOwner = await owner.get('/api/admin/me')

  expect([wrong.statusCode, right.statusCode, home.statusCode]).toEqual([403, 204, 403])
  expect(me.body).toMatchObject({ userId: '@first-admin', may: expect.arrayContaining(['write:setup']) })
  expect(me.body.may).not.toContain('read:customers')
  expect(asOwner.body).toMatchObject({ userId: 'TestAdmin', role: 'owner', scope: { kind: 'all' } })
  expect(await world.services.firstAdmin.issue(world.corpId)).toBeNull()
  expect((await browser.get('/admin/auth/first-admin')).body).toEqual({ open: false })
})

test('the code is good once, for a quarter of an hour, and not for guessing', async ({ world }) => {
  const { firstAdmin } = world.services
  const redeem = (code: string | null) => firstAdmin.redeem(world.corpId, code ?? '')
  const first = await firstAdmin.issue(world.corpId)
  const both = await Promise.all([redeem(first), redeem(first)])
  const late = await firstAdmin.issue(world.corpId)
  world.clock.advance(codeLifeMs)
  const afterwards = await redeem(late)
  const guessed = await firstAdmin.issue(world.corpId)
  for (let tries = 0; tries < 10; tries++) await redeem('ZZZZ-ZZZZ-ZZZZ')

  expect(both.toSorted()).toEqual([false, true])
  expect([afterwards, await redeem(guessed)]).toEqual([false, false])
  expect(JSON.stringify(await world.db.collection('firstAdminCodes').find().toArray())).not.toContain(guessed)
})

test('who has not shown the code stays outside', async ({ world }) => {
  await world.addAdmin()

  await expect(signIn(world.origin, 'admin', 'TestAdmin')).rejects.toThrow('403')
})
