import { expect, test } from 'vitest'
import type { LoadInput } from '../index.ts'
import { lina, useEmulator } from '../test-support.ts'

const emulator = useEmulator()

async function dumpInParts(limit: number): Promise<LoadInput[]> {
  const parts: LoadInput[] = []
  let after: number | null = 0
  while (after !== null) {
    const { next, changeCount: _, ...rows } = await emulator.control.dump({ after, limit })
    parts.push(rows)
    after = next
  }
  return parts
}

/** Everything that a dump must carry: all fields, a leaver, a deleted tag, a changed chat, a one-sided relation. */
async function liveOn() {
  const { control } = emulator
  await control.load({
    relations: [
      {
        userId: 'zhao.rui',
        externalUserId: lina,
        remark: '',
        description: '生日 5 月',
        company: '示例贸易',
        mobiles: ['13900002222'],
        tagIds: ['tag-silver'],
        personalTags: [{ groupName: '我的标签', name: '老客' }],
        state: 'campus',
        addWay: 3,
        operUserId: 'zhao.rui',
        addedAt: '2025-03-04T05:06:07.000Z',
      },
    ],
  })
  await control.act('customerDeletesGuide', { userId: 'ChenJie', externalUserId: lina })
  await control.act('deleteTag', { id: 'tag-dry' })
  await control.act('createTag', { groupId: 'group-level', name: '黑卡' })
  await control.act('updateChat', { chatId: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg', name: '新群名', removeMembers: [lina] })
  await control.act('deleteMember', { userId: 'zhao.rui' })
  await control.act('createMember', { userId: 'zhao.rui', name: '另一个赵蕊', departmentIds: [5] })
}

test('a corp that is dumped and loaded again is the same corp', async () => {
  await liveOn()
  const { next, changeCount: _, ...whole } = await emulator.control.dump()
  const before = {
    digest: await emulator.control.digest(),
    customer: await emulator.control.customer(lina),
    chats: await emulator.control.chats(),
    tags: await emulator.control.tagGroups(),
    members: await emulator.control.members(),
  }
  expect(next).toBeNull()
  expect(whole.relations?.at(-1)).toMatchObject({ ofLeaver: true, mobiles: ['13900002222'], state: 'campus' })

  await emulator.control.reset()
  await emulator.control.load(whole)

  expect({
    digest: await emulator.control.digest(),
    customer: await emulator.control.customer(lina),
    chats: await emulator.control.chats(),
    tags: await emulator.control.tagGroups(),
    members: await emulator.control.members(),
  }).toEqual(before)
  const again = await emulator.control.dump()
  expect(again).toMatchObject({ ...whole, randomState: expect.any(Number) as number })
})

test('a dump in parts holds what the whole one holds', async () => {
  await liveOn()
  const { next: _, changeCount: __, ...whole } = await emulator.control.dump()

  const parts = await dumpInParts(2)

  expect(parts.length).toBeGreaterThan(3)
  expect(parts.flatMap((part) => part.customers ?? [])).toEqual(whole.customers)
  expect(parts.flatMap((part) => part.relations ?? [])).toEqual(whole.relations)
  await emulator.control.reset()
  for (const part of parts) await emulator.control.load(part)
  expect((await emulator.control.dump()).relations).toEqual(whole.relations)
})

test('what is made after a restart does not take the ids of before', async () => {
  const add = async () => (await emulator.control.act('addCustomer', { userId: 'ChenJie' })).externalUserId
  const old = await add()
  const { next: _, ...whole } = await emulator.control.dump()
  await emulator.control.reset()
  await emulator.control.load(whole)

  const fresh = await add()

  expect(fresh).not.toBe(old)
  expect((await emulator.control.customer(old)).relations).toHaveLength(1)
})

test('the change count rises with every change of the corp and with nothing else', async () => {
  const count = async () => (await emulator.control.corp()).changeCount
  const start = await count()
  await emulator.get(`externalcontact/get?external_userid=${lina}`)
  await emulator.control.changeSettings({ latencyMs: 0 })
  await emulator.control.failNext({ path: '*', errcode: -1 })
  expect(await count()).toBe(start)

  const pair = { userid: 'LinXiaoMei', external_userid: lina }
  const changes = [
    () => emulator.post('externalcontact/edit_corp_tag', { id: 'tag-gold', name: '黑金卡' }),
    () => emulator.post('externalcontact/remark', { ...pair, remark: '改' }),
    () => emulator.post('externalcontact/mark_tag', { ...pair, add_tag: ['tag-dry'] }),
    () => emulator.control.act('editCustomer', { externalUserId: lina, name: '李娜娜' }),
    () => emulator.control.act('updateChat', { chatId: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg', notice: '新公告' }),
    () => emulator.control.act('shuffleTags', {}),
    () => emulator.control.act('updateMember', { userId: 'ChenJie', position: '区域经理' }),
    () => emulator.control.reset(),
  ]
  await emulator.control.clearFaults()
  for (const change of changes) {
    const before = await count()
    await change()
    expect(await count()).toBeGreaterThan(before)
  }
})
