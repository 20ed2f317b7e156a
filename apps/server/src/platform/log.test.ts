import { test } from '@guidebar/testkit'
import { MongooseError } from 'mongoose'
import { expect } from 'vitest'

import { describeError } from './log.ts'
import { createMongoTokenStore } from './mongo-token-store.ts'
import { createSecretBox } from './secret-box.ts'

test('the log of a busy day holds no secret, no code, no token and no name', async ({ world }) => {
  const { guide, customer } = await world.follow({
    remark: '备注甲乙丙',
    guideSeed: { name: '导购丁戊己', mobile: '13800138000' },
    customerSeed: { name: '顾客庚辛壬' },
  })
  const shop = await world.asShop()
  const browser = await world.browserOf(guide)
  const tokens = createMongoTokenStore(world.db, createSecretBox(world.config.wecom.secret))
  const token = (await tokens.read(`access-token:${world.corpId}:${world.corp.agentId}`))?.value
  const url = `/api/sidebar/context?externalUserId=${customer.externalUserId}`

  await browser.get(url)
  await browser.put(`/api/sidebar/customers/${customer.externalUserId}/remark`, { remark: '新备注子丑' })
  await browser.post('/api/sidebar/js-signatures', { url: `${world.origin}/sidebar/?canary-query` })
  await browser.get('/sidebar/auth/callback?code=canary-code&state=canary-state')
  await browser.get('/nothing/canary-path?canary-query')
  await browser.send('POST', '/api/sidebar/sends', {
    rawBody: '{"canary-body',
    headers: { 'content-type': 'application/json' },
  })
  await shop.post('/orders', { canary: 'canary-body' })
  await world
    .newBrowser()
    .get('/readyz', { headers: { authorization: 'Bearer canary-token', cookie: `x=canary-cookie` } })
  await world.wecom.changeSettings({ outage: 'close' })
  await browser.put(`/api/sidebar/customers/${customer.externalUserId}/remark`, { remark: '新备注子丑' })
  await browser.get('/sidebar/')

  const log = world.log.join('')
  const { wecom, opsToken } = world.config
  const secrets = [
    wecom.secret,
    wecom.callback?.token,
    wecom.callback?.aesKey,
    opsToken,
    shop.key,
    token,
    ...browser.cookies.values(),
  ]
  expect(secrets.every((secret) => secret && secret.length > 5)).toBe(true)
  for (const secret of secrets) expect(log).not.toContain(secret)
  expect(log).not.toMatch(/canary|access_token|corpsecret|13800138000/)
  expect(log).not.toMatch(/备注甲乙丙|导购丁戊己|顾客庚辛壬|新备注子丑/)
  expect(log).toContain('/api/sidebar/customers/:externalUserId/remark')
  expect(log).toContain('WECOM_UNAVAILABLE')
})

test('what an unknown error says stays out of the log, where it came from does not', () => {
  const record = describeError(
    Object.assign(new MongooseError('Cast to string failed for value "张三"'), { cause: new Error('13800138000') }),
  )

  expect(JSON.stringify(record)).not.toMatch(/张三|13800138000/)
  expect(record.type).toBe('MongooseError')
  expect(record.stack).toContain('log.test.ts')
})
