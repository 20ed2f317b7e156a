import { randomUUID } from 'node:crypto'

import { ReplyMarks, type ReplyPart } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
})
afterAll(() => world.close())

const parts: ReplyPart[] = [{ type: 'text', text: '{{customer.name|亲}}，定金[[金额]]元，{{date+7}}前有效' }]
const content = (title = randomUUID().slice(0, 8)) => ({ folder: '价格', title, shortcut: '', parts })
const panel = (guide: { userId: string } = world.guide) => world.as(guide)
const addOwn = async (title?: string) => (await panel().post('/quick-replies', content(title))).body.id as string
const marks = async (guide: { userId: string } = world.guide) => (await panel(guide).get('/quick-replies/marks')).body

test('a reply with a blank goes out filled only', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const replyId = await addOwn()
  const send = (text?: string) =>
    panel().post('/sends', {
      externalUserId: customer,
      key: randomUUID(),
      content: { type: 'reply', replyId, part: 0, text },
    })

  const raw = await send('亲，定金[[金额]]元')
  const filled = await send('亲，定金 200 元')

  expect([raw.statusCode, raw.body.error.code]).toEqual([422, 'TEMPLATE_INVALID'])
  expect(filled.body.message.text.content).toBe('亲，定金 200 元')
})

test('a copy is the guide’s own and there once; a colleague’s own is not copied', async () => {
  const sharedId = await world.services.quickReplies.saveCorp(world.corpId, content('大家的'))
  const ownId = await addOwn('我的')

  const [first, again] = [
    await panel().post(`/quick-replies/${sharedId}/copy`),
    await panel().post(`/quick-replies/${sharedId}/copy`),
  ]

  expect(first.body).toMatchObject({ scope: 'personal', title: '大家的', parts })
  expect(again.body.id).toBe(first.body.id)
  expect((await panel(world.colleague).post(`/quick-replies/${ownId}/copy`)).statusCode).toBe(404)
  expect((await world.foreign.as(world.foreigner).post(`/quick-replies/${sharedId}/copy`)).statusCode).toBe(404)
})

test('a proposal waits once, and accepted becomes everybody’s', async () => {
  const replyId = await addOwn('好话术')
  const [first, again] = [
    await panel().post(`/quick-replies/${replyId}/proposal`),
    await panel().post(`/quick-replies/${replyId}/proposal`),
  ]
  const waiting = await world.asAdmin().get('/reply-proposals')
  const path = `/reply-proposals/${first.body.id}/decision`

  const accepted = [
    await world.asAdmin().post(path, { accept: true }),
    await world.asAdmin().post(path, { accept: true }),
  ]
  const otherwise = await world.asAdmin().post(path, { accept: false, reason: '不用了' })

  expect(again.body.id).toBe(first.body.id)
  expect(waiting.body.proposals).toMatchObject([{ id: first.body.id, byName: world.guide.name, state: 'proposed' }])
  expect(accepted.map(({ body }) => [body.state, body.became])).toEqual([
    ['accepted', 'published'],
    ['accepted', 'published'],
  ])
  expect(otherwise.statusCode).toBe(409)
  const library = (await panel(world.colleague).get('/quick-replies')).body.replies
  expect(library.filter(({ title }: { title: string }) => title === '好话术')).toMatchObject([{ scope: 'corp' }])
  expect((await marks()).proposals).toContainEqual({ replyId, state: 'accepted', reason: '' })
})

test('refused it comes back with the reason; a name the corp has is not overwritten', async () => {
  const [refusedId, clashId] = [await addOwn('不合适'), await addOwn('大家已有')]
  await world.services.quickReplies.saveCorp(world.corpId, content('大家已有'))
  const propose = async (replyId: string) => (await panel().post(`/quick-replies/${replyId}/proposal`)).body.id
  const decide = (id: string, body: object) => world.asAdmin().post(`/reply-proposals/${id}/decision`, body)

  const refused = await decide(await propose(refusedId), { accept: false, reason: '价格过期' })
  const clash = await decide(await propose(clashId), { accept: true })

  expect(refused.body).toMatchObject({ state: 'refused', reason: '价格过期' })
  expect(clash.statusCode).toBe(409)
})

test('under the two-person rule what is accepted waits for a second person, and what would fail stays a draft', async () => {
  const propose = async (replyId: string) => (await panel().post(`/quick-replies/${replyId}/proposal`)).body.id
  const decide = (id: string, body: object) => world.asAdmin().post(`/reply-proposals/${id}/decision`, body)
  const cardId = await world.publishCard()
  const withCard = { ...content('卡片下架了'), parts: [{ type: 'card', cardId }] }
  const [good, dull] = [await addOwn('两人看过'), await addOwn('没有理由')]
  const faulty = (await panel().post('/quick-replies', withCard)).body.id
  await world.services.cards.takeOffShelf(world.corpId, cardId)

  await world.asAdmin().put('/content-rules', { needsSecondPerson: true })
  const waiting = await decide(await propose(good), { accept: true })
  await world.asAdmin().put('/content-rules', { needsSecondPerson: false })
  const draft = await decide(await propose(faulty), { accept: true })
  const unreasoned = await decide(await propose(dull), { accept: false })

  expect([waiting.body.became, draft.body.became]).toEqual(['review', 'draft'])
  const item = await world.asAdmin().get(`/content/replies/${waiting.body.id}`)
  expect(item.body).toMatchObject({ row: { title: '两人看过', state: 'review' }, work: { byName: '管理员' } })
  const library = (await panel(world.colleague).get('/quick-replies')).body.replies
  expect(library.map(({ title }: { title: string }) => title)).not.toContain('两人看过')
  expect(unreasoned.statusCode).toBe(400)
})

test('only own replies are proposed, ordered and given an end', async () => {
  const sharedId = await world.services.quickReplies.saveCorp(world.corpId, content())
  const [first, second] = [await addOwn(), await addOwn()]
  const colleague = panel(world.colleague)

  const answers = [
    await panel().post(`/quick-replies/${sharedId}/proposal`),
    await colleague.post(`/quick-replies/${first}/proposal`),
    await colleague.put('/quick-replies/order', { replyIds: [first] }),
    await panel().put(`/quick-replies/${sharedId}/expiry`, { expiresOn: '2026-12-01' }),
  ]
  const ordered = await panel().put('/quick-replies/order', { replyIds: [second, first] })

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404])
  expect([ordered.statusCode, (await marks()).order]).toEqual([204, [second, first]])
})

test('marks tell what is used at this time of day, and what is over', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const replyId = await addOwn()
  const shared = await world.services.quickReplies.saveCorp(world.corpId, content())
  const body = {
    externalUserId: customer,
    key: randomUUID(),
    content: { type: 'reply', replyId, part: 0, text: '好的' },
  }
  const sent = await panel().post('/sends', body)
  await panel().post(`/sends/${sent.body.sendId}/outcome`, { status: 'client_ok' })
  await panel().put(`/quick-replies/${replyId}/expiry`, { expiresOn: '2026-11-20' })
  await world.asAdmin().put(`/quick-replies/${shared}/expiry`, { expiresOn: '2026-11-21' })

  const now = await marks()
  world.clock.advance(3 * 3_600_000)
  const later = await marks()

  expect([...Value.Errors(ReplyMarks, now)]).toEqual([])
  expect([now.daypart, now.usedNow[replyId], now.expired]).toEqual(['noon', 1, [replyId]])
  expect(now.expiries).toEqual({ [replyId]: '2026-11-20', [shared]: '2026-11-21' })
  expect([later.daypart, later.usedNow[replyId]]).toEqual(['afternoon', undefined])
  expect((await marks(world.colleague)).expired).toEqual([])
})
