import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { corpId, readFixture, useEmulator } from './test-support.ts'

const emulator = useEmulator()
const page = 'http://127.0.0.1:4600/sidebar/?a=1&b=中'
const nonceStr = 'Wm3WZYTPz0wzccnW'
const timestamp = 1783000001

const sign = (ticket: unknown, url: string, at = timestamp) =>
  createHash('sha1')
    .update(`jsapi_ticket=${String(ticket)}&noncestr=${nonceStr}&timestamp=${at}&url=${url}`)
    .digest('hex')
const tickets = async () => ({
  corp: (await emulator.get('get_jsapi_ticket')).ticket,
  agent: (await emulator.get('ticket/get?type=agent_config')).ticket,
})
const verify = (signature: string, more: object = {}) =>
  emulator.control.verifyJsSignature({
    url: `${page}#/home`,
    timestamp,
    nonceStr,
    signature,
    corpId,
    agentId: 1000014,
    kind: 'agentConfig',
    ...more,
  })

beforeEach(() => emulator.control.changeSettings({ trustedDomains: ['127.0.0.1:4600'] }))

test('the official worked example gives the published signature with the formula used here', () => {
  const { input, signature } = JSON.parse(readFixture('jssdk.signature.known-answer.json')) as {
    input: { ticket: string; url: string; timestamp: number }
    signature: string
  }

  expect(sign(input.ticket, input.url, input.timestamp)).toBe(signature)
})

test('a signature of the right ticket over the page without its fragment is good', async () => {
  const { corp, agent } = await tickets()

  expect(await verify(sign(agent, page))).toEqual({ ok: true })
  expect(await verify(sign(corp, page), { kind: 'config' })).toEqual({ ok: true })
})

test('the other ticket, another page and another time are bad', async () => {
  const { corp, agent } = await tickets()

  expect(await verify(sign(corp, page))).toMatchObject({
    ok: false,
    errcode: 40093,
    message: 'invalid signature',
    reason: expect.stringContaining('wrong kind of ticket') as string,
  })
  expect(await verify(sign(agent, `${page}&c=2`))).toMatchObject({ ok: false, errcode: 40093 })
  expect(await verify(sign(agent, page), { timestamp: timestamp + 1 })).toMatchObject({ ok: false, errcode: 40093 })
  expect(await verify(sign(agent, page, timestamp * 1000), { timestamp: timestamp * 1000 })).toMatchObject({
    ok: false,
    errcode: 40093,
  })
})

test('a page of a foreign domain, another corp or another app is refused before its signature', async () => {
  const { agent } = await tickets()
  const foreign = 'http://evil.example/sidebar/'

  expect(await verify(sign(agent, foreign), { url: foreign })).toMatchObject({
    message: 'not match any reliable domain',
  })
  expect(await verify(sign(agent, page), { corpId: 'wwOther' })).toMatchObject({ message: 'invalid corpid' })
  expect(await verify(sign(agent, page), { agentId: 7 })).toMatchObject({ errcode: 301002 })
})

test('a ticket that has ended signs nothing', async () => {
  const { agent } = await tickets()
  await emulator.control.advanceClock(7201)

  expect(await verify(sign(agent, page))).toMatchObject({ ok: false, errcode: 40093 })
})
