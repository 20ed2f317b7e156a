import { parseCallbackEnvelope, parseEventXml } from '@guidebar/wecom'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startCustomers, type CustomerWorld } from '../relations/customer.world.ts'
import { cryptoOf, secondsAfter, toEventXml } from './callback.packets.world.ts'
import { xmlTricks } from './xml-tricks.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
  await world.begin()
})
afterAll(() => world.close())

const tricks = xmlTricks()

async function post(xml: string, query: Record<string, string>) {
  const address = `${world.origin}/wecom/callback/${world.corpId}?${new URLSearchParams(query).toString()}`
  return fetch(address, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: xml })
}

function sign(encrypt: string) {
  const at = { timestamp: secondsAfter(world, 0), nonce: 'n0nce' }
  return { ...at, msg_signature: cryptoOf(world).sign(at.timestamp, at.nonce, encrypt) }
}

test('there are more than two hundred tricks, no two alike, none above the limit', () => {
  expect(new Set(tricks.map(({ xml }) => xml)).size).toBeGreaterThan(200)
  expect(Math.max(...tricks.map(({ xml }) => xml.length))).toBeLessThanOrEqual(64 * 1024)
})

test('none passes with the signature of a good packet beside it, none is kept, none breaks the server', async () => {
  const encrypt = cryptoOf(world).encrypt(toEventXml(world, {}))
  const query = sign(encrypt)
  const answers: { name: string; status: number }[] = []

  for (const { name, xml } of tricks) {
    const { status } = await post(xml.replaceAll('BODY', encrypt).slice(0, 64 * 1024), query)
    answers.push({ name, status })
  }

  const taken = new Set((await world.rows('callbackEvents')).map(({ _id }) => String(_id)))
  const allowed = answers.filter(({ status }) => status === 200)
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  expect(allowed.map(({ name }) => name)).toEqual(harmless)
  expect(taken.size).toBeLessThanOrEqual(1)
})

/** Different bytes, the same packet: unsigned parts beside it mean nothing, and an encoding's name is not believed. */
const harmless = ['before: an odd encoding', 'before: a byte order mark twice']

test('none inside a signed packet passes as an event that we know', () => {
  const passed: string[] = []
  for (const { name, xml } of tricks) {
    const inner = xml.replaceAll('Encrypt', 'UserID').replaceAll('BODY', 'LinXiaoMei')
    try {
      if (parseEventXml(inner)) passed.push(name)
    } catch (error) {
      if ((error as Error).name !== 'CallbackRejected') throw error
    }
  }

  expect(passed).toEqual([])
})

test('reading all of them leaves no memory behind', () => {
  const read = () => {
    for (const { xml } of tricks) {
      try {
        parseCallbackEnvelope(xml)
      } catch {
        // Refused, as it should be.
      }
    }
  }
  read()
  const before = process.memoryUsage().heapUsed
  for (let round = 0; round < 5; round++) read()

  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(60)
})
