import { randomUUID } from 'node:crypto'

import { KnowledgeLibrary } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
const article = {
  folder: '手机',
  title: '重庆版 5G 折叠屏',
  sku: 'HW-X6',
  paragraphs: [
    { id: 'split', heading: '分屏怎么用', text: '从右侧往里滑，停一下，再点分屏。' },
    { id: 'care', heading: '保养', text: '贴膜不要自己撕。' },
  ],
}

beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
}, 60_000)
afterAll(() => world.close())

test('a paragraph is found by its spelling and sent word by word or edited', async () => {
  const { body: saved } = await world.asAdmin().put('/knowledge', article)
  const customer = await world.addCustomerOf(world.guide)
  const library = await world.as(world.guide).get('/knowledge')
  const content = { type: 'knowledge', articleId: saved.id, paragraphId: 'split' }
  const prepare = (change: object) =>
    world
      .as(world.guide)
      .post('/sends', { externalUserId: customer, key: randomUUID(), content: { ...content, ...change } })

  expect([...Value.Errors(KnowledgeLibrary, library.body)]).toEqual([])
  expect(library.body.articles[0]).toMatchObject({ title: article.title, sku: 'HW-X6' })
  expect(library.body.articles[0].keys).toContain('chong')
  expect((await prepare({})).body.message).toEqual({ msgtype: 'text', text: { content: article.paragraphs[0]?.text } })
  expect((await prepare({ text: '改过的话' })).body.message.text.content).toBe('改过的话')
  expect((await prepare({ paragraphId: 'none' })).statusCode).toBe(404)
  expect((await prepare({ text: '还差[[金额]]' })).body.error.code).toBe('TEMPLATE_INVALID')
})

test('the library is asked for once and answered 304 until it changes', async () => {
  await world.asAdmin().put('/knowledge', article)
  const first = await world.as(world.guide).get('/knowledge')
  const ask = () =>
    world.as(world.guide).send('GET', '/knowledge', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
  const same = await ask()

  await world.asAdmin().put('/knowledge', { ...article, folder: '平板' })

  expect(same.statusCode).toBe(304)
  expect((await ask()).body.articles[0].folder).toBe('平板')
  expect((await ask()).body.articles).toHaveLength(1)
})

test('another corp sees and sends nothing of it', async () => {
  const { body } = await world.asAdmin().put('/knowledge', article)
  const customer = await world.addCustomerOf(world.foreigner)
  const panel = world.foreign.as(world.foreigner)
  const content = { type: 'knowledge', articleId: body.id, paragraphId: 'split' }

  expect((await panel.get('/knowledge')).body.articles).toEqual([])
  expect((await panel.post('/sends', { externalUserId: customer, key: randomUUID(), content })).statusCode).toBe(404)
})

test('two paragraphs of one id are refused, and what is archived is gone', async () => {
  const admin = world.asAdmin()
  const twice = { ...article, title: '重复', paragraphs: [article.paragraphs[0], article.paragraphs[0]] }
  const { body } = await admin.put('/knowledge', { ...article, title: '下架' })

  expect((await admin.put('/knowledge', twice)).statusCode).toBe(400)
  expect((await admin.delete(`/knowledge/${body.id}`)).statusCode).toBe(204)
  expect((await admin.delete(`/knowledge/${body.id}`)).statusCode).toBe(404)
  expect((await world.as(world.guide).get('/knowledge')).text).not.toContain('下架')
})
