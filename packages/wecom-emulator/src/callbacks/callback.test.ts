import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCallbackCrypto } from '@guidebar/wecom/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { corpId, lina, readFixture, useEmulator } from '../test-support.ts'

const emulator = useEmulator()
const crypto = createCallbackCrypto({
  token: 'kX9bQ2mV7cL4zP1w',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  receiveId: corpId,
})

interface Packet {
  query: URLSearchParams
  body: string
}
let packets: Packet[] = []
let answer: (packet: Packet, response: ServerResponse) => void
const receiver = createServer((request: IncomingMessage, response: ServerResponse) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const packet = { query: new URL(request.url ?? '', 'http://receiver').searchParams, body }
    packets.push(packet)
    answer(packet, response)
  })
})

const open = ({ query, body }: Packet) =>
  crypto.verifyAndDecrypt({
    signature: query.get('msg_signature') ?? '',
    timestamp: query.get('timestamp') ?? '',
    nonce: query.get('nonce') ?? '',
    encrypt: /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(body)?.[1] ?? '',
  })
/** A fixture without the blanks between elements and with the parts that differ from run to run taken out. */
const toComparable = (xml: string) =>
  xml
    .replace(/>\s+</g, '><')
    .replace(/<CreateTime>\d+/, '<CreateTime>0')
    .replace(/<WelcomeCode>.*?<\/WelcomeCode>/, '<WelcomeCode/>')
    .replace(/<(LastMemVer|CurMemVer)>.*?<\/\1>/g, '<$1/>')

beforeAll(() => new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => receiver.close(resolve)))
beforeEach(async () => {
  packets = []
  answer = (_packet, response) => response.end()
  const { port } = receiver.address() as AddressInfo
  await emulator.control.changeSettings({
    callback: { url: `http://127.0.0.1:${port}/wecom/callback/${corpId}`, redeliverAfterMs: 5 },
  })
})

describe('what people do in their clients', () => {
  test('comes as a sealed packet with the event of the fixture inside', async () => {
    await emulator.control.load({ relations: [{ userId: 'LinXiaoMei', externalUserId: lina }] })
    await emulator.control.act('addCustomer', { userId: 'LinXiaoMei', externalUserId: lina, state: 'store_tianhe_01' })
    await emulator.control.waitForCallbacks()

    expect(packets).toHaveLength(1)
    const [packet] = packets as [Packet]
    expect(packet.body).toContain('<AgentID><![CDATA[1000014]]></AgentID>')
    expect(toComparable(open(packet))).toBe(
      toComparable(readFixture('event.change_external_contact.add_external_contact.xml')),
    )
    expect(await emulator.control.callbackDeliveries()).toMatchObject([
      { state: 'delivered', changeType: 'add_external_contact', attempts: [{ status: 200 }] },
    ])
  })

  test.each([
    [
      'event.change_external_contact.edit_external_contact.xml',
      () => emulator.control.act('editRelation', { userId: 'LinXiaoMei', externalUserId: lina, remark: '李姐' }),
    ],
    [
      'event.change_external_tag.update.xml',
      async () => {
        await emulator.control.load({
          tagGroups: [{ name: '组', tags: [{ tagId: 'etR7uQDgAATagGold0001cD4eF8gH2jA', name: '金' }] }],
        })
        await emulator.control.act('updateTag', { id: 'etR7uQDgAATagGold0001cD4eF8gH2jA', name: '金牌' })
      },
    ],
    ['event.change_external_tag.shuffle.all-groups.xml', () => emulator.control.act('shuffleTags', {})],
    [
      'event.change_external_chat.update.change_name.xml',
      () => emulator.control.act('updateChat', { chatId: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg', name: '新群名' }),
    ],
    [
      'event.change_external_chat.update.del_member.xml',
      () =>
        emulator.control.act('updateChat', {
          chatId: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg',
          removeMembers: ['wmR7uQDgAAmN8bV4cX1zL6kJ3hG0fDsA'],
        }),
    ],
  ])('%s', async (fixture, act) => {
    await act()
    await emulator.control.waitForCallbacks()

    expect(packets.map((packet) => toComparable(open(packet)))).toEqual([toComparable(readFixture(fixture))])
  })

  test('both deletions have their own event, and leave one-sided or no relation', async () => {
    await emulator.control.act('customerDeletesGuide', { userId: 'LinXiaoMei', externalUserId: lina })
    await emulator.control.act('guideDeletesCustomer', { userId: 'ChenJie', externalUserId: lina })
    await emulator.control.waitForCallbacks()

    expect((await emulator.control.callbackDeliveries()).map((delivery) => delivery.changeType).toSorted()).toEqual([
      'del_external_contact',
      'del_follow_user',
    ])
    expect(await emulator.control.relation('LinXiaoMei', lina)).toMatchObject({ status: 'customerDeleted' })
    expect(await emulator.control.relation('ChenJie', lina)).toBeNull()
  })

  test('changes of the address book write the change type bare', async () => {
    await emulator.control.act('deleteMember', { userId: 'zhao.rui' })
    await emulator.control.waitForCallbacks()

    expect(open(packets[0] as Packet)).toContain(
      '<ChangeType>delete_user</ChangeType><UserID><![CDATA[zhao.rui]]></UserID>',
    )
  })

  test('deleting a group raises one event, a renamed member carries both ids', async () => {
    await emulator.control.act('deleteTag', { id: 'group-level' })
    await emulator.control.act('updateMember', { userId: 'zhao.rui', newUserId: 'ZhaoRui', departmentIds: [2] })
    await emulator.control.waitForCallbacks()

    const events = packets.map(open)
    expect(events.filter((xml) => xml.includes('change_external_tag'))).toHaveLength(1)
    expect(events.find((xml) => xml.includes('update_user'))).toContain(
      '<UserID><![CDATA[zhao.rui]]></UserID><NewUserID><![CDATA[ZhaoRui]]></NewUserID><Department><![CDATA[2]]></Department>',
    )
  })

  test('guides out of range raise nothing', async () => {
    await emulator.control.changeSettings({ visibleRange: { userIds: ['ChenJie'], departmentIds: [] } })
    await emulator.control.act('editRelation', { userId: 'LinXiaoMei', externalUserId: lina, remark: '李姐' })

    expect(await emulator.control.callbackDeliveries()).toEqual([])
  })
})

test('changes made through the API raise no event', async () => {
  const pair = { userid: 'LinXiaoMei', external_userid: lina }
  await emulator.post('externalcontact/remark', { ...pair, remark: '改' })
  await emulator.post('externalcontact/mark_tag', { ...pair, add_tag: ['tag-dry'] })
  await emulator.post('externalcontact/add_corp_tag', { group_name: '新组', tag: [{ name: '新' }] })
  await emulator.post('externalcontact/edit_corp_tag', { id: 'tag-gold', name: '黑卡' })
  await emulator.post('externalcontact/del_corp_tag', { tag_id: ['tag-silver'] })

  expect(await emulator.control.callbackDeliveries()).toEqual([])
  expect(packets).toEqual([])
})

describe('delivery', () => {
  const edit = async () => {
    await emulator.control.act('editRelation', { userId: 'LinXiaoMei', externalUserId: lina, remark: '李姐' })
    await emulator.control.waitForCallbacks()
    return (await emulator.control.callbackDeliveries())[0]
  }

  test('is repeated with the same event until it is taken', async () => {
    answer = (_packet, response) => {
      response.statusCode = packets.length < 3 ? 500 : 200
      response.end()
    }

    const delivery = await edit()

    expect(delivery).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 500 }, { status: 500 }, { status: 200 }],
    })
    expect(new Set(packets.map(open)).size).toBe(1)
  })

  test('is given up after four times, time-outs and redirects included', async () => {
    await emulator.control.changeSettings({ callback: { timeoutMs: 300 } })
    answer = (_packet, response) => {
      if (packets.length === 1) return
      response.statusCode = packets.length === 2 ? 302 : 204
      response.setHeader('location', '/elsewhere')
      response.end()
    }

    const delivery = await edit()

    expect(delivery?.state).toBe('failed')
    expect(delivery?.attempts.map((attempt) => attempt.status ?? attempt.error)).toEqual([
      'no answer in time',
      302,
      204,
      204,
    ])
  })

  test('goes on with other events while one waits to be repeated', async () => {
    await emulator.control.changeSettings({ callback: { concurrency: 1, redeliverAfterMs: 300 } })
    answer = (_packet, response) => response.writeHead(packets.length === 1 ? 500 : 200).end()

    await emulator.control.act('editRelation', { userId: 'LinXiaoMei', externalUserId: lina, remark: '先' })
    await emulator.control.act('customerDeletesGuide', { userId: 'ChenJie', externalUserId: lina })
    await emulator.control.waitForCallbacks()

    const kinds = packets.map((packet) => (open(packet).includes('del_follow_user') ? 'second' : 'first'))
    expect(kinds).toEqual(['first', 'second', 'first'])
  })

  test('loses nothing when events overtake each other', async () => {
    await emulator.control.changeSettings({ callback: { shuffleMs: 50 } })
    for (const remark of ['一', '二', '三'])
      await emulator.control.act('editRelation', { userId: 'LinXiaoMei', externalUserId: lina, remark })

    expect(await emulator.control.waitForCallbacks()).toEqual({ settled: true })
    expect(packets).toHaveLength(3)
  })

  test('can lose packets and double them on demand', async () => {
    await emulator.control.changeSettings({ callback: { duplicateRate: 1 } })
    await edit()
    expect(packets).toHaveLength(2)

    await emulator.control.changeSettings({ callback: { dropRate: 1 } })
    expect((await edit())?.state).toBe('dropped')
    expect(packets).toHaveLength(2)
  })

  test('shows what would have been sent when no address is set', async () => {
    await emulator.control.changeSettings({ callback: { url: null } })

    expect((await edit())?.state).toBe('notConfigured')
  })

  test('can send what a receiver must refuse', async () => {
    const xml = readFixture('event.change_external_contact.edit_external_contact.xml')
    await emulator.control.sendRawCallback({ xml, tamper: 'signature' })
    await emulator.control.sendRawCallback({ xml, tamper: 'receiveId' })
    await emulator.control.sendRawCallback({ xml })

    const [signature, receiveId, good] = packets as [Packet, Packet, Packet]
    expect(() => open(signature)).toThrow('signature')
    expect(() => open(receiveId)).toThrow('receive-id')
    expect(open(good)).toBe(xml)
  })
})

describe('the URL check', () => {
  const echo = ({ query }: Packet) =>
    crypto.verifyUrl({
      signature: query.get('msg_signature') ?? '',
      timestamp: query.get('timestamp') ?? '',
      nonce: query.get('nonce') ?? '',
      echostr: query.get('echostr') ?? '',
    })

  test('passes when the plain text comes back alone, however the plus is written', async () => {
    answer = (packet, response) => response.end(echo(packet))
    expect(await emulator.control.verifyCallbackUrl()).toEqual({ ok: true, message: 'ok' })

    await emulator.control.changeSettings({ uncertain: { echostrPlus: 'raw' } })
    expect(await emulator.control.verifyCallbackUrl()).toEqual({ ok: true, message: 'ok' })
  })

  test('fails for quotes around it and for another status', async () => {
    answer = (packet, response) => response.end(JSON.stringify(echo(packet)))
    expect((await emulator.control.verifyCallbackUrl()).ok).toBe(false)

    answer = (_packet, response) => response.writeHead(403).end()
    expect((await emulator.control.verifyCallbackUrl()).message).toContain('403')
  })
})
