import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

type Library = {
  groups: { groupId: string; name: string; tags: { tagId: string; name: string; customers: number }[] }[]
}

let world: World
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  await world.addAdmin()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.wecom.clearFaults()
  world.clock.advance(20_000)
})

const admin = () => world.asAdmin()
const atWecom = async () => (await world.wecom.tagGroups()).map(({ name, tags }) => [name, tags.map((tag) => tag.name)])
const toNames = ({ groups }: Library) => groups.map(({ name, tags }) => [name, tags.map((tag) => tag.name)])

test('a group is made, filled, renamed, put in order and emptied; WeCom has the same each time', async () => {
  const made = await admin().post('/tag-groups', { name: '会员等级', tagNames: ['金卡', '银卡'] })
  const { groupId } = (made.body as Library).groups.find(({ name }) => name === '会员等级')!
  const added = await admin().post(`/tag-groups/${groupId}/tags`, { tagNames: ['黑卡'] })
  const tags = (added.body as Library).groups.find((group) => group.groupId === groupId)!.tags
  const idOf = (name: string) => tags.find((tag) => tag.name === name)!.tagId
  await admin().put(`/tags/${idOf('黑卡')}`, { name: '黑金卡' })
  await admin().put(`/tag-groups/${groupId}`, { name: '等级' })
  const ids = ['黑卡', '银卡', '金卡'].map(idOf)

  const ordered = await admin().put(`/tag-groups/${groupId}/order`, { ids })
  const halfOrdered = await admin().put(`/tag-groups/${groupId}/order`, { ids: ids.slice(1) })
  const removed = await admin().delete(`/tags/${idOf('银卡')}`)

  expect(toNames(ordered.body)).toEqual([['等级', ['黑金卡', '银卡', '金卡']]])
  expect(halfOrdered.statusCode).toBe(409)
  expect(toNames(removed.body)).toEqual([['等级', ['黑金卡', '金卡']]])
  expect(await atWecom()).toEqual([['等级', ['黑金卡', '金卡']]])
  const last = await admin().delete(`/tag-groups/${groupId}`)
  expect(last.body.groups).toEqual([])
  expect(await atWecom()).toEqual([])
})

test('a name that is taken or too long is refused before or by WeCom, and nothing changes', async () => {
  const made = await admin().post('/tag-groups', { name: '需求', tagNames: ['苹果', '安卓'] })
  const group = (made.body as Library).groups.find(({ name }) => name === '需求')!
  const before = await atWecom()

  const statuses = await Promise.all([
    admin().post('/tag-groups', { name: '需求', tagNames: ['另一个'] }),
    admin().post(`/tag-groups/${group.groupId}/tags`, { tagNames: ['苹果'] }),
    admin().put(`/tags/${group.tags[0]!.tagId}`, { name: '安卓' }),
    admin().put(`/tags/${group.tags[0]!.tagId}`, { name: '长'.repeat(31) }),
    admin().post('/tag-groups', { name: '空', tagNames: [] }),
    admin().put('/tags/etNowhere', { name: '没有' }),
  ])

  expect(statuses.map(({ statusCode }) => statusCode)).toEqual([409, 409, 409, 400, 400, 422])
  expect(await atWecom()).toEqual(before)
})

test('a refusal of WeCom leaves our copy as it was', async () => {
  const made = await admin().post('/tag-groups', { name: '来源', tagNames: ['扫码'] })
  const tag = (made.body as Library).groups.find(({ name }) => name === '来源')!.tags[0]!
  await world.wecom.failNext({ path: 'externalcontact/del_corp_tag', errcode: 48_002 })

  const refused = await admin().delete(`/tags/${tag.tagId}`)
  const { body } = await admin().get('/tags')

  expect(refused.body.error).toMatchObject({ code: 'WECOM_NOT_SET_UP', errcode: 48_002 })
  expect(toNames(body).find(([name]) => name === '来源')).toEqual(['来源', ['扫码']])
})

test('how many customers have a tag, and which way it travels', async () => {
  const { tagIds } = await world.follow({ tags: ['贵宾'] })
  await world.services.jobs.drain()

  await admin().put(`/tags/${tagIds[0]}/direction`, { direction: 'both' })
  const { body } = await admin().get('/tags')

  const tags = (body as Library).groups.flatMap((group) => group.tags)
  expect(tags.find(({ tagId }) => tagId === tagIds[0])).toMatchObject({ customers: 1, direction: 'both' })
})

test('a store manager reads tags and changes none', async () => {
  await world.addGuide({ userId: 'Manager', name: '王店长', departmentIds: [2], customerContact: false })
  const owner = { corpId: world.corpId, userId: 'TestAdmin', role: 'owner' as const }
  const role = { role: 'storeManager' as const, scope: { kind: 'store' as const, departmentIds: [2] } }
  await world.services.rights.assign(owner, { corpId: world.corpId, userId: 'Manager' }, role)

  const read = await world.asAdmin('Manager').get('/tags')
  const write = await world.asAdmin('Manager').post('/tag-groups', { name: '我的', tagNames: ['甲'] })

  expect([read.statusCode, write.statusCode]).toEqual([200, 403])
})

test('a sensitive group is nowhere for a guide, and is there for whoever has a role', async () => {
  const made = await admin().post('/tag-groups', { name: '健康', tagNames: ['孕期'] })
  const group = (made.body as Library).groups.find(({ name }) => name === '健康')!
  const { tagId } = group.tags[0]!
  const { guide, customer } = await world.follow()
  const panel = world.as(guide)
  const address = `/customers/${customer.externalUserId}`
  await panel.put(`${address}/tags`, { add: [tagId], remove: [] })
  const look = async () => {
    const [library, context, care, timeline] = await Promise.all(
      [
        '/tag-groups',
        `/context?externalUserId=${customer.externalUserId}`,
        `${address}/tag-care`,
        `${address}/timeline`,
      ].map((path) => panel.get(path)),
    )
    return [library, context, care, timeline].map((answer) => answer!.text.includes('孕期'))
  }
  const before = await look()

  const marked = await admin().put(`/tag-groups/${group.groupId}/sensitivity`, { isSensitive: true })
  const after = await look()
  const used = await panel.put(`${address}/tags`, { add: [], remove: [tagId] })
  const byGuide = await world.as(guide).put(`/tag-groups/${group.groupId}/sensitivity`, { isSensitive: false })

  expect(before).toEqual([true, true, false, true])
  expect(marked.body.groups).toContainEqual(expect.objectContaining({ name: '健康', isSensitive: true }))
  expect(after).toEqual([false, false, false, false])
  expect([used.statusCode, used.body.error.code]).toEqual([422, 'TAG_UNKNOWN'])
  expect(byGuide.statusCode).toBe(404)
  await admin().put(`/tag-groups/${group.groupId}/sensitivity`, { isSensitive: false })
  expect(await look()).toEqual(before)
})
