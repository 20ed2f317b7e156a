import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
let articleId: string

const article = {
  title: '新机首周怎么用',
  description: '三分钟看懂',
  url: 'https://m.example.com/first-week?a=1',
  coverUrl: 'https://cdn.example.com/cover.png',
}

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  articleId = (await world.asAdmin().put('/articles', article)).body.id
}, 60_000)
afterAll(() => world.close())

async function send(customer: string, change: object = {}) {
  const content = { type: 'article', articleId }
  const prepared = await world
    .as(world.guide)
    .post('/sends', { externalUserId: customer, key: randomUUID(), content, ...change })
  if (prepared.statusCode === 200)
    await world.as(world.guide).post(`/sends/${prepared.body.sendId}/outcome`, { status: 'client_ok' })
  return prepared
}
const pathOf = (link: string) => new URL(link).pathname
const open = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  world.newBrowser().send(method, path, { headers: { 'user-agent': 'Mozilla/5.0 MicroMessenger/8.0', ...headers } })
const openings = async (customer: string) => {
  const { body } = await world.as(world.guide).get(`/sends?externalUserId=${customer}`)
  return body.sends.map(({ openedTimes }: { openedTimes: number }) => openedTimes)
}

test('a page goes out through our redirect, and its opening shows to the guide and on the timeline', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const { body } = await send(customer)
  const { news } = body.message

  const opened = await open(pathOf(news.link))

  expect(news).toMatchObject({ title: article.title, desc: article.description, imgUrl: article.coverUrl })
  expect(news.link).toMatch(new RegExp(`^${world.origin}/r/[A-Za-z0-9_-]{16}$`))
  expect([opened.statusCode, opened.headers.get('location')]).toEqual([302, article.url])
  expect(opened.headers.get('set-cookie')).toBeNull()
  expect(opened.headers.get('cache-control')).toBe('no-store')
  expect(await openings(customer)).toEqual([1])
  const timeline = await world.as(world.guide).get(`/customers/${customer}/timeline?kinds=opened`)
  expect(timeline.body.events).toMatchObject([{ title: article.title, facts: { times: 1 } }])
})

test('machines, prefetches and a second tap within the minute are no openings', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const link = pathOf((await send(customer)).body.message.news.link)
  const looks = [
    await open(link, {}, 'HEAD'),
    await open(link, { 'user-agent': 'Googlebot/2.1' }),
    await open(link, { 'sec-purpose': 'prefetch' }),
    await open(link, { purpose: 'preview' }),
  ]

  expect(looks.map(({ statusCode }) => statusCode)).toEqual([302, 302, 302, 302])
  expect(await openings(customer)).toEqual([0])
  await open(link)
  await open(link)
  expect(await openings(customer)).toEqual([1])
  world.clock.advance(61_000)
  await open(link)
  expect(await openings(customer)).toEqual([2])
})

test('who does not want openings recorded gets the page itself; changing the mind later counts as well', async () => {
  const [customer, later] = [await world.addCustomerOf(world.guide), await world.addCustomerOf(world.guide)]
  const no = { doNotDisturb: false, openTracking: false }
  await world.as(world.guide).put(`/customers/${customer}/contact-preferences`, no)

  const direct = await send(customer)
  const link = pathOf((await send(later)).body.message.news.link)
  await world.as(world.guide).put(`/customers/${later}/contact-preferences`, no)
  const opened = await open(link)

  expect(direct.body.message.news.link).toBe(article.url)
  expect([opened.statusCode, await openings(later)]).toEqual([302, [0]])
})

test('a token that nobody sent leads nowhere, and a card’s token is no link', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const cardId = await world.publishCard()
  await send(customer, { content: { type: 'card', cardId } })
  const card = await world.db.collection('sends').findOne({ externalUserId: customer, kind: 'card' })

  const answers = [await open(`/r/${'a'.repeat(16)}`), await open(`/r/${card?.['token']}`), await open('/r/short')]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 400])
})

test('the catalogue is the corp’s own; an archived page is not sent, but links to it still lead there', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const { body } = await world.asAdmin().put('/articles', { ...article, title: '会下架' })
  const content = { type: 'article', articleId: body.id }
  const link = pathOf((await send(customer, { content })).body.message.news.link)
  const before = await world.as(world.guide).get('/articles')

  await world.asAdmin().delete(`/articles/${body.id}`)
  const after = await world.as(world.guide).get('/articles')
  const refused = await send(customer, { content })
  const foreign = await world.foreign.as(world.foreigner).get('/articles')

  expect(before.body.articles).toHaveLength(2)
  expect(after.body.articles).toHaveLength(1)
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'))
  expect(refused.statusCode).toBe(404)
  expect(foreign.body.articles).toEqual([])
  expect((await open(link)).statusCode).toBe(302)
})

test('only https pages without a sign-in in the address are taken', async () => {
  for (const url of ['http://m.example.com/', 'https://a:b@m.example.com/', 'javascript:alert(1)'])
    expect((await world.asAdmin().put('/articles', { ...article, title: randomUUID(), url })).statusCode).toBe(400)
})

test('a guide who asked is told of the first opening, once', async () => {
  const customer = await world.addCustomerOf(world.guide)
  const link = pathOf((await send(customer, { tellWhenOpened: true })).body.message.news.link)
  const tell = () => world.services.panel.openedNotices.tellOpened()
  const early = await tell()
  await open(link)

  await Promise.all([tell(), world.twin.panel.openedNotices.tellOpened()])
  world.clock.advance(120_000)
  await open(link)
  await tell()

  const messages = await world.wecom.messages()
  expect(early).toBe(0)
  expect(messages.filter((message) => JSON.stringify(message).includes(article.title))).toHaveLength(1)
})
