import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startCustomers, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(async () => {
  await Promise.all(['welcomeSends', 'welcomeTexts', 'effects'].map((name) => world.db.collection(name).deleteMany({})))
  await world.begin({ hearing: true })
  // The words are looked up anew every two seconds.
  world.clock.advance(2_001)
})

const setText = (text: string) => world.db.collection('welcomeTexts').insertOne({ _id: world.corpId as never, text })
const addCustomer = () => world.wecom.act('addCustomer', { userId: xiaomei.userId, customer: { name: '新客' } })
const sends = () => world.rows('welcomeSends')

test('a new customer is welcomed once, and it is written down', async () => {
  await setText('您好，欢迎光临')
  const { welcomeCode, externalUserId } = await addCustomer()
  await world.settle()

  expect(await world.wecom.welcomeCalls()).toMatchObject([{ welcomeCode, errcode: 0, text: '您好，欢迎光临' }])
  expect(await sends()).toMatchObject([{ state: 'sent', externalUserId, userId: xiaomei.userId, error: null }])
  expect(JSON.stringify(await sends())).not.toContain(welcomeCode)
})

test('without a configured welcome nothing is sent and nothing written down', async () => {
  await addCustomer()
  await world.settle()

  expect(await world.wecom.welcomeCalls()).toEqual([])
  expect(await sends()).toEqual([])
  expect(await world.rows('callbackEvents')).toMatchObject([{ state: 'done', welcome: null }])
})

test('an event delivered four times, and to two servers, brings one welcome', async () => {
  await setText('您好')
  const twin = await world.startTwin()
  await world.wecom.changeSettings({ callback: { duplicateRate: 1 } })
  await addCustomer()
  await world.wecom.waitForCallbacks()
  const [delivery] = await world.wecom.callbackDeliveries(1)
  await world.wecom.changeSettings({ callback: { url: `${twin.origin}/wecom/callback/${world.corpId}` } })
  await world.wecom.sendRawCallback({ xml: delivery?.xml ?? '' })
  await world.wecom.sendRawCallback({ xml: delivery?.xml ?? '' })
  await world.settle()
  await twin.services.callbacks.drain()

  expect(await world.wecom.welcomeCalls()).toHaveLength(1)
  expect(await sends()).toHaveLength(1)
})

test('a code older than 18 seconds is not called but written down as too late', async () => {
  await setText('您好')
  await world.wecom.changeSettings({ callback: { url: null } })
  await addCustomer()
  const [delivery] = await world.wecom.callbackDeliveries(1)
  world.clock.advance(19_000)
  await world.wecom.changeSettings({ callback: { url: `${world.origin}/wecom/callback/${world.corpId}` } })

  await world.wecom.sendRawCallback({ xml: delivery?.xml ?? '' })
  await world.settle()

  expect(await world.wecom.welcomeCalls()).toEqual([])
  expect(await sends()).toMatchObject([{ state: 'too-late', waitedMs: null }])
})

test('an answer that is lost leaves the welcome unknown, and the code is never called again', async () => {
  await setText('您好')
  await world.wecom.failNext({ path: 'externalcontact/send_welcome_msg', httpFault: 'answerLost' })
  await addCustomer()
  await world.settle()
  await world.settle()

  expect(await world.wecom.welcomeCalls()).toHaveLength(1)
  expect(await sends()).toMatchObject([{ state: 'unknown' }])
})

test('a refused welcome is written down with the cause', async () => {
  await setText('您好')
  await world.wecom.failNext({ path: 'externalcontact/send_welcome_msg', errcode: 41051 })
  await addCustomer()
  await world.settle()

  expect(await sends()).toMatchObject([{ state: 'refused', error: 'WECOM_REFUSED' }])
})

test('a code whose process died before the call is taken up by another', async () => {
  await setText('您好')
  await world.wecom.changeSettings({ callback: { url: null } })
  await addCustomer()
  const [delivery] = await world.wecom.callbackDeliveries(1)
  await world.callbacks.stop()
  await world.wecom.changeSettings({ callback: { url: `${world.origin}/wecom/callback/${world.corpId}` } })
  await world.wecom.sendRawCallback({ xml: delivery?.xml ?? '' })
  const before = await sends()

  const twin = await world.startTwin()
  await twin.services.callbacks.drain()

  expect(before).toEqual([])
  expect(await sends()).toMatchObject([{ state: 'sent' }])
  expect(await world.wecom.welcomeCalls()).toHaveLength(1)
})
