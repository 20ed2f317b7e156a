import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { chenjie, liNa, startCustomers, xiaomei, type CustomerWorld } from '../relations/customer.world.ts'
import { cryptoOf, secondsAfter, toEventXml, type EventInput } from './callback.packets.world.ts'

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
})
afterAll(() => world.close())
beforeEach(() => world.begin({ hearing: true }))

const key = { ...xiaomei, externalUserId: liNa }
const inbox = () => world.rows('callbackEvents')
const status = async () => (await world.relationRow(key))?.['status']
const path = () => `/wecom/callback/${world.corpId}`

const cryptoFor = () => cryptoOf(world)
const secondsFromNow = (seconds: number) => secondsAfter(world, seconds)
const eventXml = (event: EventInput = {}) => toEventXml(world, event)

type Forgery = {
  query?: Record<string, string | string[]>
  xml?: string | Buffer<ArrayBuffer>
  corp?: string
  type?: string
  upper?: boolean
}

/** Posts a packet that is right but for what is given. */
async function post(plain: string, seal: { timestamp?: string; receiveId?: string } = {}, forgery: Forgery = {}) {
  const packet = cryptoFor().seal(plain, { timestamp: secondsFromNow(0), nonce: 'n0nce', ...seal })
  const signature = forgery.upper ? packet.signature.toUpperCase() : packet.signature
  const query = { msg_signature: signature, timestamp: packet.timestamp, nonce: packet.nonce, ...forgery.query }
  const address = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const each of [value].flat()) address.append(name, each)
  return fetch(`${world.origin}/wecom/callback/${forgery.corp ?? world.corpId}?${address.toString()}`, {
    method: 'POST',
    headers: { 'content-type': forgery.type ?? 'text/xml' },
    body: forgery.xml ?? packet.xml,
  })
}

describe('an event', () => {
  test('is kept, answered with nothing, and the customer is there after it', async () => {
    const { externalUserId } = await world.wecom.act('addCustomer', {
      userId: xiaomei.userId,
      customer: { name: '新客' },
    })
    await world.settle()

    expect((await world.relations.contextOf(xiaomei, externalUserId)).customer.name).toBe('新客')
    expect(await inbox()).toMatchObject([
      { name: 'change_external_contact.add_external_contact', state: 'done', lease: null },
    ])
    expect(await world.callbacks.figures(world.corpId)).toMatchObject({ waiting: 0, lastAt: expect.any(String) })
  })

  test('is answered 200 with an empty body', async () => {
    const response = await post(eventXml())

    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  test('is taken in the JSON form as well, under the same key', async () => {
    const plain = eventXml()
    const at = { timestamp: secondsFromNow(0), nonce: 'n0nce' }
    const packet = cryptoFor().seal(plain, at)
    const query = new URLSearchParams({ msg_signature: packet.signature, ...at })
    const body = JSON.stringify({ tousername: world.corpId, encrypt: packet.encrypt, agentid: 1000014 })
    const headers = { 'content-type': 'application/json' }

    const answers = [
      await fetch(`${world.origin}${path()}?${query.toString()}`, { method: 'POST', headers, body }),
      await post(plain),
    ]

    expect(answers.map((answer) => answer.status)).toEqual([200, 200])
    expect(await inbox()).toHaveLength(1)
  })

  test('delivered twice is kept once', async () => {
    const xml = eventXml()
    const answers = [await post(xml), await post(xml)]
    await world.settle()

    expect(answers.map((response) => response.status)).toEqual([200, 200])
    expect(await inbox()).toMatchObject([
      { _id: createHash('sha256').update(`${world.corpId}\n${xml}`).digest('hex'), state: 'done' },
    ])
  })

  test('that comes again after it was handled has the customer read again', async () => {
    const xml = eventXml()
    await post(xml)
    await world.settle()
    await world.wecom.load({ relations: [{ ...xiaomei, externalUserId: liNa, remark: '新备注' }] })

    await post(xml)
    await world.settle()

    expect((await world.relationRow(key))?.['remark']).toBe('新备注')
  })

  test('that nobody knows is kept', async () => {
    const response = await post(eventXml({ event: 'change_something_new', changeType: 'grow' }))

    expect(response.status).toBe(200)
    expect(await inbox()).toMatchObject([{ name: 'change_something_new.grow', state: 'unknown' }])
  })
})

describe('what events say', () => {
  test('a customer who deletes the guide is shown as gone, and as back when he comes back', async () => {
    await world.wecom.act('customerDeletesGuide', key)
    await world.settle()
    const gone = (await world.relations.contextOf(xiaomei, liNa)).relation.status
    await world.sync.runNow(world.corp)
    const goneAfterSync = await status()
    await world.wecom.advanceClock(5)
    await post(eventXml({ changeType: 'add_external_contact', at: 5 }))
    await world.settle()

    expect([gone, goneAfterSync, await status()]).toEqual(['deleted_by_customer', 'deleted_by_customer', 'active'])
  })

  test('coming and going in the wrong order ends with what happened last', async () => {
    await post(eventXml({ changeType: 'add_external_contact', at: 10 }))
    await world.settle()
    await post(eventXml({ changeType: 'del_follow_user', at: 5 }))
    await world.settle()

    expect(await status()).toBe('active')
  })

  test('a customer whom the guide deletes is out of the guide’s sight, not of the colleague’s', async () => {
    await world.wecom.act('guideDeletesCustomer', key)
    await world.settle()

    expect((await world.as(xiaomei).get(`/context?externalUserId=${liNa}`)).statusCode).toBe(404)
    expect((await world.relations.contextOf(chenjie, liNa)).fellows).toEqual([])
  })

  test('a deletion that WeCom itself does not confirm changes nothing', async () => {
    await post(eventXml({ changeType: 'del_external_contact' }))
    await world.settle()

    expect(await status()).toBe('active')
  })

  test('a tag renamed in the console is renamed here', async () => {
    await world.wecom.act('updateTag', { id: 'etGold', name: '黑金卡' })
    await world.settle()

    expect((await world.relations.contextOf(xiaomei, liNa)).relation.tags).toMatchObject([{ name: '黑金卡' }])
  })

  test('who leaves the corp is out at once', async () => {
    const before = await world.as(chenjie).get('/tag-groups')
    await world.wecom.act('deleteMember', { userId: chenjie.userId })
    await world.settle()

    const after = await world.as(chenjie).get('/tag-groups')

    expect([before.statusCode, after.statusCode]).toEqual([200, 401])
    expect(await world.guides.find(chenjie)).toMatchObject({ status: 'left', canServe: false, sessionEpoch: 1 })
  })

  test('a store renamed is renamed for its guides', async () => {
    await world.wecom.act('updateDepartment', { id: 12, name: '正佳旗舰店', parentId: 11 })
    await world.settle()

    expect((await world.guides.view(chenjie)).storeName).toBe('正佳旗舰店')
  })
})

describe('forged', () => {
  const forgeries: [string, () => Promise<Response>, number][] = [
    ['no signature', () => post(eventXml(), {}, { query: { msg_signature: '' } }), 403],
    ['a wrong signature', () => post(eventXml(), {}, { query: { msg_signature: 'a'.repeat(40) } }), 403],
    ['two signatures', () => post(eventXml(), {}, { query: { msg_signature: ['a'.repeat(40), 'b'.repeat(40)] } }), 403],
    ['another nonce', () => post(eventXml(), {}, { query: { nonce: 'other' } }), 403],
    ['an old time', () => post(eventXml(), { timestamp: secondsFromNow(-400) }), 403],
    ['a time to come', () => post(eventXml(), { timestamp: secondsFromNow(400) }), 403],
    ['an event of last week', () => post(eventXml({ at: -7 * 24 * 3_600 })), 403],
    ['bytes that are no text', () => post(eventXml(), {}, { xml: Buffer.from([0x3c, 0xff, 0xfe, 0x3e]) }), 400],
    ['upper-case hex', () => post(eventXml(), {}, { upper: true }), 403],
    ['another receiver', () => post(eventXml(), { receiveId: 'wwOther' }), 403],
    ['another corp inside', () => post(eventXml({ toUserName: 'wwOther' })), 403],
    ['a corp that is not served', () => post(eventXml(), {}, { corp: 'wwOther' }), 403],
    ['an unencrypted event', () => post(eventXml(), {}, { xml: eventXml() }), 403],
    ['a doubled element inside', () => post(eventXml().replace('</xml>', '<UserID>x</UserID></xml>')), 403],
    [
      'a document type',
      () => post(eventXml(), {}, { xml: '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>' }),
      400,
    ],
    ['no body', () => post(eventXml(), {}, { xml: '' }), 400],
    ['a cut body', () => post(eventXml(), {}, { xml: '<xml><Encrypt><![CDATA[abc' }), 400],
    ['a body that is too long', () => post(eventXml(), {}, { xml: `<xml>${'x'.repeat(70_000)}</xml>` }), 413],
    ['a form', () => post(eventXml(), {}, { xml: 'Encrypt=x', type: 'application/x-www-form-urlencoded' }), 415],
    ['JSON that is none', () => post(eventXml(), {}, { xml: '{"encrypt":', type: 'application/json' }), 400],
    ['a list in JSON', () => post(eventXml(), {}, { xml: '[{"encrypt":"x"}]', type: 'application/json' }), 403],
    ['JSON that is not signed', () => post(eventXml(), {}, { xml: '{"encrypt":"x"}', type: 'application/json' }), 403],
  ]

  test.each(forgeries)('with %s is refused and not kept', async (_, send, expected) => {
    const response = await send()

    expect(response.status).toBe(expected)
    expect(await response.text()).not.toMatch(/signature|receive|ww5f2a/i)
    expect(await inbox()).toEqual([])
  })

  test.each(['signature', 'receiveId', 'plain', 'expired'] as const)(
    'by the emulator (%s) is refused',
    async (tamper) => {
      const answer = await world.wecom.sendRawCallback({ xml: eventXml(), tamper })

      expect(answer.status).toBe(403)
      expect(await inbox()).toEqual([])
    },
  )
})

describe('the check of the address', () => {
  const echoQuery = (text: string) => {
    const at = { timestamp: secondsFromNow(0), nonce: 'n0nce' }
    const echostr = cryptoFor().encrypt(text)
    const msg_signature = cryptoFor().sign(at.timestamp, at.nonce, echostr)
    return new URLSearchParams({ ...at, echostr, msg_signature }).toString()
  }
  const check = (text = '1616140317555161061') => fetch(`${world.origin}${path()}?${echoQuery(text)}`)

  beforeEach(() => world.db.collection('callbackAddresses').deleteMany({}))

  test('is answered with the bare text while the address is not proven, and again when it is saved once more', async () => {
    const response = await check()

    expect([response.status, await response.text()]).toEqual([200, '1616140317555161061'])
    expect(await world.wecom.verifyCallbackUrl()).toMatchObject({ ok: true })
  })

  test('is closed once it was answered, a quarter of an hour later', async () => {
    await check()
    const isOver = { $set: { armedUntil: new Date(Date.now() - 1) } }
    await world.db.collection('callbackAddresses').updateMany({}, isOver)

    expect((await check()).status).toBe(403)
  })

  test('is open for a quarter of an hour when an admin has armed it', async () => {
    await world.db.collection('callbackAddresses').insertOne({ _id: world.corpId as never, verifiedAt: new Date() })
    const closed = (await check()).status

    const answer = await world.asAdmin().post('/callbacks/arm')

    expect([closed, answer.statusCode, (await check()).status]).toEqual([403, 200, 200])
    expect(Date.parse(answer.body.armedUntil) - Date.now()).toBeGreaterThan(14 * 60_000)
  })

  test.each([
    ['an event', '<xml></xml>'],
    ['JSON', '{"a":1}'],
    ['two words', 'a b'],
    ['nothing', ''],
  ])('decrypts no captured packet that holds %s', async (_, text) => {
    const response = await check(text)

    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('xml')
  })
})
