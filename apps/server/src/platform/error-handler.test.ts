import { startWorld, type World } from '@guidebar/testkit'
import { mongo } from 'mongoose'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { classify } from './error-handler.ts'

let world: World
let guide: { userId: string }
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  guide = await world.addGuide()
})
afterAll(() => world.close())

const send = { key: 'key-12345678', externalUserId: 'wm1', content: { type: 'text', text: '您好' } }

test.each([
  ['an unknown field', { ...send, guideId: 'Somebody' }, '/body/guideId'],
  ['a missing field', { externalUserId: 'wm1', content: send.content }, '/body/key'],
  ['a number for a text', { ...send, key: 12_345_678 }, '/body/key'],
  ['a list for a text', { ...send, externalUserId: ['wm1'] }, '/body/externalUserId'],
  ['an operator for a text', { ...send, externalUserId: { $ne: '' } }, '/body/externalUserId'],
  ['a text that is too long', { ...send, key: 'k'.repeat(65) }, '/body/key'],
])('%s is refused, and the answer says where', async (_name, body, at) => {
  const response = await world.as(guide).post('/sends', body)

  expect(response.statusCode).toBe(400)
  expect(response.body.error).toMatchObject({ code: 'BAD_REQUEST', at })
})

test('what was sent wrongly does not come back in the answer', async () => {
  const response = await world.as(guide).post('/sends', { ...send, key: '绝密secret' })

  expect(response.text).not.toMatch(/绝密|secret/)
})

test.each([
  ['no JSON', '{"key": 张三}', 'application/json', 400, 'BAD_REQUEST'],
  ['an empty body', '', 'application/json', 400, 'BAD_REQUEST'],
  ['a poisoned prototype', '{"__proto__": {"a": 1}}', 'application/json', 400, 'BAD_REQUEST'],
  ['a poisoned constructor', '{"constructor": {"prototype": {"a": 1}}}', 'application/json', 400, 'BAD_REQUEST'],
  ['a form', 'key=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['plain text', '{"key":"1"}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'a body over the limit',
    JSON.stringify({ text: 'x'.repeat(300_000) }),
    'application/json',
    413,
    'PAYLOAD_TOO_LARGE',
  ],
])('%s gets its code', async (_name, rawBody, contentType, status, code) => {
  const response = await world.as(guide).send('POST', '/sends', { rawBody, headers: { 'content-type': contentType } })

  expect([response.statusCode, response.body?.error.code]).toEqual([status, code])
  expect(response.text).not.toContain('张三')
})

test.each([
  'externalUserId=wm1&externalUserId=wm2',
  'externalUserId[$ne]=1',
  'externalUserId=',
  'externalUserId=wm1&more=1',
])('a query string is held to its shape: %s', async (query) => {
  const response = await world.as(guide).get(`/context?${query}`)

  expect([response.statusCode, response.body.error.code]).toEqual([400, 'BAD_REQUEST'])
})

test('failures of the database are told from faults of our own', () => {
  const named = (error: Error) => classify(error).code

  expect(named(new mongo.MongoNetworkError('away'))).toBe('STORAGE_UNAVAILABLE')
  expect(named(new mongo.MongoServerError({ message: 'over time', code: 50 }))).toBe('STORAGE_UNAVAILABLE')
  const none = { insertedCount: 0 } as mongo.BulkWriteResult
  expect(named(new mongo.MongoBulkWriteError({ message: 'EPIPE', code: 0, writeErrors: [] }, none))).toBe(
    'STORAGE_UNAVAILABLE',
  )
  expect(named(new mongo.MongoServerError({ message: 'twice', code: 11_000 }))).toBe('INTERNAL')
  expect(named(new TypeError('a bug'))).toBe('INTERNAL')
})
