import { ApiBudget } from '@guidebar/contracts'
import { test } from '@guidebar/testkit'
import { Value } from 'typebox/value'
import { expect } from 'vitest'

test('an admin sees what WeCom has been asked, and a guide does not', async ({ world }) => {
  const { guide } = await world.follow()
  await world.addAdmin()
  const own = await world.as(guide).get('/tag-groups')

  const asAdmin = await world.asAdmin().get('/api/admin/api-budget')
  const asGuide = await world.as(guide).get('/api/admin/api-budget')

  expect([own.statusCode, asAdmin.statusCode, asGuide.statusCode]).toEqual([200, 200, 401])
  expect([...Value.Errors(ApiBudget, asAdmin.body)]).toEqual([])
  const signIns = asAdmin.body.apis.find(({ path }: { path: string }) => path === 'auth/getuserinfo')
  expect(signIns.spent.map(({ purpose }: { purpose: string }) => purpose).toSorted()).toEqual(['admin', 'panel'])
})

test('a full sync is on the account of the sync, also when an admin has asked for it', async ({ world }) => {
  await world.follow()
  await world.addAdmin()

  await world.asAdmin().post('/sync', {})
  await world.sync()

  const { body } = await world.asAdmin().get('/api/admin/api-budget')
  const pages = body.apis.find(({ path }: { path: string }) => path === 'externalcontact/batch/get_by_user')
  expect(pages.spent).toEqual([{ lane: 'background', purpose: 'sync', count: expect.any(Number) }])
})

test('the figures of the features are among the metrics', async ({ world }) => {
  await world.follow()
  const headers = { authorization: `Bearer ${world.config.opsToken}` }

  const { statusCode, text } = await world.newBrowser().get('/metrics', { headers })

  expect(statusCode).toBe(200)
  for (const name of [
    'guidebar_callbacks_waiting',
    'guidebar_callbacks_oldest_seconds',
    'guidebar_callbacks_dead',
    'guidebar_sync_running',
    'guidebar_wecom_budget_left',
    'guidebar_wecom_token_refreshes_total',
  ])
    expect(text).toMatch(new RegExp(`^${name}\\{.*\\} \\d+$`, 'm'))
  expect(text).not.toContain(world.config.wecom.secret)
})

test('events are taken by a server whose clock WeCom has shown to be wrong', async ({ world }) => {
  const { guide } = await world.follow()

  // To this server WeCom's clock is ten minutes ahead, and stamps its events so.
  await world.wecom.advanceClock(600)
  for (let n = 0; n < 15; n++) await world.corp.wecom.callbacks.getIps()

  await world.wecom.act('addCustomer', { userId: guide.userId, customer: { name: '新客' } })
  await world.settle()

  expect(world.corp.upstream.clockOffset.isOff).toBe(true)
  expect((await world.wecom.callbackDeliveries()).map(({ state }) => state)).toEqual(['delivered'])
})
