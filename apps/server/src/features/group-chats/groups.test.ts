import { randomUUID } from 'node:crypto'

import { SidebarContext } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let chatId: string

beforeAll(async () => {
  world = await startSelling()
  const customer = await world.addCustomerOf(world.guide)
  const made = await world.wecom.act('createChat', {
    name: '天河一店 VIP 群',
    ownerUserId: world.guide.userId,
    notice: '请文明聊天',
    members: [customer],
  })
  chatId = made.chatId
})
afterAll(() => world.close())

const context = (guide: { userId: string }, id = chatId) => world.as(guide).get(`/context?chatId=${id}`)
const send = (guide: { userId: string }) =>
  world.as(guide).post('/sends', { chatId, key: randomUUID(), content: { type: 'text', text: '大家好' } })

test('a member sees the facts of the group, and may send to it', async () => {
  const { body } = await context(world.guide)

  expect([...Value.Errors(SidebarContext, body)]).toEqual([])
  expect(body.group).toMatchObject({
    name: '天河一店 VIP 群',
    ownerName: world.guide.name,
    isOwner: true,
    members: 2,
    customers: 1,
    notice: '请文明聊天',
  })
  expect(body).toMatchObject({ customer: null, profile: null, meter: null, nextAction: null })
  expect((await send(world.guide)).statusCode).toBe(200)
})

test('for who is not in it, in another corp, or asks for none, there is no such group', async () => {
  const answers = [
    await context(world.colleague),
    await send(world.colleague),
    await world.as(world.colleague).get(`/sends?chatId=${chatId}`),
    await world.foreign.as(world.foreigner).get(`/context?chatId=${chatId}`),
    await context(world.guide, 'wrNobody'),
  ]

  for (const { statusCode, body } of answers) expect([statusCode, body.error.code]).toEqual([404, 'GROUP_NOT_FOUND'])
  expect(answers.map(({ text }) => text).join()).not.toContain('VIP')
})

test('WeCom is asked once a minute at most, and who was let in by then is in', async () => {
  await context(world.guide)
  await world.wecom.clearCalls()
  await context(world.guide)
  const none = await world.wecom.calls({ path: 'externalcontact/groupchat/get' })

  await world.wecom.act('updateChat', { chatId, addMembers: [world.colleague.userId] })
  world.clock.advance(61_000)

  expect(none).toEqual([])
  expect((await context(world.colleague)).body.group).toMatchObject({ isOwner: false, members: 3 })
})

test('with WeCom away the last known facts are shown with their age; of a group never seen nothing is', async () => {
  await context(world.guide)
  const other = await world.wecom.act('createChat', { name: '新群', ownerUserId: world.guide.userId })
  world.clock.advance(61_000)
  await world.wecom.changeSettings({ outage: 'status500' })

  const known = await context(world.guide)
  const unknown = await context(world.guide, other.chatId)
  await world.wecom.changeSettings({ outage: 'none' })

  expect(known.statusCode).toBe(200)
  expect(world.now().getTime() - Date.parse(known.body.group.readAt)).toBeGreaterThan(60_000)
  expect([unknown.statusCode, unknown.body.error.code]).toEqual([503, 'WECOM_UNAVAILABLE'])
})
