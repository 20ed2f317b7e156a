import { randomUUID } from 'node:crypto'

import { ContentPage, contentSchemas, toContentItem, type ContentKind } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { appId, startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
  await world.services.cards.linkProgram(world.corpId, { appId, name: '天河数码' })
}, 60_000)
afterAll(() => world.close())

const admin = () => world.asAdmin()
const owner = () => ({ corpId: world.corpId, userId: 'TestAdmin' })
const name = () => `名 ${randomUUID().slice(0, 8)}`
const reply = (title = name(), text = '{{customer.name|亲}}您好') => ({
  folder: '问候',
  title,
  shortcut: '',
  parts: [{ type: 'text', text }],
})
const card = (change: object = {}) => ({
  folder: '',
  kind: 'product',
  title: name(),
  coverAssetId: null,
  coverUrl: 'https://cdn.example.com/a.png',
  appId,
  pathTemplate: 'pages/goods/detail.html?sku={sku}&t={token}',
  sku: 'IP17',
  priceFen: 599_900,
  ...change,
})
const samples: { [K in ContentKind]: () => object } = {
  replies: reply,
  cards: card,
  knowledge: () => ({
    folder: '手机',
    title: name(),
    sku: 'X6',
    paragraphs: [{ id: 'a', heading: '分屏', text: '从右往里滑' }],
  }),
  articles: () => ({
    folder: '',
    title: name(),
    description: '秋天',
    url: 'https://www.example.com/a',
    coverUrl: 'https://cdn.example.com/a.png',
  }),
}
const seenBy = async (kind: ContentKind, guide = world.guide): Promise<{ id: string; title: string }[]> => {
  const paths = { replies: '/quick-replies', cards: '/cards', knowledge: '/knowledge', articles: '/articles' }
  const { body } = await world.as(guide).get(paths[kind])
  return body.replies ?? body.cards ?? body.articles
}
const create = async (kind: ContentKind, content: object, more: object = {}) =>
  (await admin().post(`/content/${kind}`, { content, expiresOn: null, storeId: '', ...more })).body
const step = (kind: ContentKind, { row, edit }: { row: { id: string }; edit: number }, to: string, more: object = {}) =>
  admin().post(`/content/${kind}/${row.id}/steps`, { step: to, edit, ...more })

test.each(['replies', 'cards', 'knowledge', 'articles'] as const)(
  '%s: guides see what is published, at once, and never a draft',
  async (kind) => {
    const content = samples[kind]()
    const draft = await create(kind, content)
    const idsBefore = (await seenBy(kind)).map(({ id }) => id)

    const published = await step(kind, draft, 'publish')
    const after = (await seenBy(kind)).find(({ id }) => id === draft.row.id)
    const again = await step(kind, draft, 'publish')
    const changed = { ...content, title: `${(content as { title: string }).title}改` }
    const work = await admin().put(`/content/${kind}/${draft.row.id}`, {
      content: changed,
      expiresOn: null,
      edit: published.body.edit,
    })

    expect([...Value.Errors(toContentItem(contentSchemas[kind]), published.body)]).toEqual([])
    expect(draft).toMatchObject({ row: { state: 'draft', version: 0 }, live: null })
    expect(idsBefore).not.toContain(draft.row.id)
    expect(published.body).toMatchObject({ row: { state: 'published', version: 1, change: null }, work: null })
    expect(after?.title).toBe((content as { title: string }).title)
    expect([again.statusCode, again.body.error.code]).toEqual([409, 'CONFLICT'])
    expect(work.body).toMatchObject({ row: { change: 'draft' }, work: { content: changed } })
    expect((await seenBy(kind)).find(({ id }) => id === draft.row.id)?.title).toBe((content as { title: string }).title)

    expect((await step(kind, work.body, 'publish')).body.row.version).toBe(2)
    const archived = await step(kind, (await admin().get(`/content/${kind}/${draft.row.id}`)).body, 'archive')
    expect(archived.body.row.state).toBe('archived')
    expect((await seenBy(kind)).map(({ id }) => id)).not.toContain(draft.row.id)
    expect((await step(kind, archived.body, 'restore')).body.row.state).toBe('published')
    expect((await seenBy(kind)).map(({ id }) => id)).toContain(draft.row.id)
  },
)

test('a reply is rolled back to what it said, and every version stays on record', async () => {
  const draft = await create('replies', reply('价保', '七天价保'))
  const first = await step('replies', draft, 'publish')
  const path = `/content/replies/${draft.row.id}`
  const edited = await admin().put(path, {
    content: reply('价保', '三十天价保'),
    expiresOn: null,
    edit: first.body.edit,
  })
  const second = await step('replies', edited.body, 'publish')
  const pending = await admin().put(path, { content: reply('价保', '还在写'), expiresOn: null, edit: second.body.edit })

  const back = await admin().post(`${path}/roll-back`, { number: 1, edit: pending.body.edit })
  const { versions } = (await admin().get(`${path}/versions`)).body

  expect(back.body.live.parts[0].text).toBe('七天价保')
  expect(back.body.work.content.parts[0].text).toBe('还在写')
  expect(versions.map(({ release }: { release: object }) => release)).toMatchObject([
    { number: 3, why: 'rolled-back', from: 1, byName: '管理员' },
    { number: 2, why: 'published' },
    { number: 1, why: 'published' },
  ])
  expect((await world.services.quickReplies.getForSend(world.guide, draft.row.id)).parts).toEqual([
    { type: 'text', text: '七天价保' },
  ])
  expect((await admin().post(`${path}/roll-back`, { number: 9, edit: back.body.edit })).statusCode).toBe(404)
})

test('what was written past the desk has a version to go back to', async () => {
  const id = await world.services.quickReplies.saveCorp(world.corpId, { ...reply('种子', '原话') } as never)
  const { body: item } = await admin().get(`/content/replies/${id}`)
  const edited = await admin().put(`/content/replies/${id}`, {
    content: reply('种子', '新话'),
    expiresOn: null,
    edit: item.edit,
  })
  const published = await step('replies', edited.body, 'publish')

  const back = await admin().post(`/content/replies/${id}/roll-back`, { number: 1, edit: published.body.edit })

  expect(back.body.live.parts[0].text).toBe('原话')
})

test('what would fail in a chat is named and not published', async () => {
  const broken = card({ pathTemplate: 'pages/a?t={token}', appId: 'wxffffffffffffffff' })
  const draft = await create('cards', broken)
  const check = await admin().post('/content/cards/check?locale=en', { content: broken })
  const words = await admin().post('/content/replies/check', { content: reply(name(), '{{customer.name}}好') })
  const bad = await create('replies', reply(name(), '{{customer.name}}好'))

  expect(check.body.findings).toMatchObject([
    { id: 'path-not-html', at: '/pathTemplate', fix: 'Add .html after the path, before the “?”.' },
    { id: 'appid-not-linked', at: '/appId' },
  ])
  expect((await step('cards', draft, 'publish')).body.error).toMatchObject({ code: 'CARD_NOT_SENDABLE' })
  expect((await step('cards', draft, 'submit')).statusCode).toBe(422)
  expect(words.body.findings).toMatchObject([{ id: 'missing-fallback', at: '/parts/0/text' }])
  expect((await step('replies', bad, 'publish')).body.error).toMatchObject({
    code: 'TEMPLATE_INVALID',
    at: '/content/parts/0/text',
  })
  expect((await seenBy('cards')).map(({ id }) => id)).not.toContain(draft.row.id)
})

test('of two who change one thing the second is told, and a taken name is no name', async () => {
  const taken = await create('replies', reply('已有'))
  const draft = await create('replies', reply())
  const save = (edit: number, title?: string) =>
    admin().put(`/content/replies/${draft.row.id}`, { content: reply(title), expiresOn: null, edit })

  const answers = [await save(draft.edit), await save(draft.edit), await save(draft.edit + 1, '已有')]
  const twice = await admin().post('/content/replies', { content: reply('已有'), expiresOn: null, storeId: '' })

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 409, 409])
  expect([twice.statusCode, twice.body.error.at]).toEqual([409, '/content/title'])
  expect((await step('replies', taken, 'discard')).statusCode).toBe(204)
  expect((await admin().get(`/content/replies/${taken.row.id}`)).statusCode).toBe(404)
})

test('two publishers at once make one version', async () => {
  const draft = await create('knowledge', samples.knowledge())
  const actor = { corpId: world.corpId, userId: 'TestAdmin', reach: null, ability: { can: () => true } }
  const publish = (services: typeof world.services) =>
    services.desk.content.step(actor, 'knowledge', draft.row.id, { step: 'publish', edit: draft.edit })

  const results = await Promise.allSettled([publish(world.services), publish(world.twin), publish(world.services)])
  const { versions } = (await admin().get(`/content/knowledge/${draft.row.id}/versions`)).body

  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(versions).toHaveLength(1)
})

test('another corp finds nothing and changes nothing', async () => {
  await world.foreign.addAdmin()
  const stranger = world.foreign.asAdmin()
  const draft = await create('replies', reply())
  await step('replies', draft, 'publish')
  const path = `/content/replies/${draft.row.id}`

  const answers = [
    await stranger.get(path),
    await stranger.get(`${path}/versions`),
    await stranger.put(path, { content: reply(), expiresOn: null }),
    await stranger.post(`${path}/steps`, { step: 'archive', edit: 2 }),
    await stranger.post(`${path}/roll-back`, { number: 1, edit: 2 }),
  ]
  const bulk = await stranger.post('/content/replies/bulk', { itemIds: [draft.row.id], step: 'archive' })

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404])
  expect(bulk.body).toEqual({ done: [], refused: [] })
  expect((await stranger.get('/content/replies')).body.rows).toEqual([])
  expect((await admin().get(path)).body.row.state).toBe('published')
})

test('the manager of a store writes for his store, reads everybody’s, and finds no other store’s', async () => {
  const manager = await world.addGuide({ departmentIds: [101] })
  const scope = { kind: 'store' as const, departmentIds: [101] }
  await world.services.rights.assign({ ...owner(), role: 'owner' }, manager, { role: 'storeManager', scope })
  const me = world.asAdmin(manager.userId)
  const everybodys = await create('replies', reply())
  const others = await create('replies', reply(), { storeId: '102' })
  const mine = (await me.post('/content/replies', { content: reply(), expiresOn: null, storeId: '101' })).body
  const ownReply = await world.services.quickReplies.create(world.colleague, reply() as never)

  const published = await me.post(`/content/replies/${mine.row.id}/steps`, { step: 'publish', edit: mine.edit })
  const answers = {
    elsewhere: await me.post('/content/replies', { content: reply(), expiresOn: null, storeId: '102' }),
    forAll: await me.post('/content/replies', { content: reply(), expiresOn: null, storeId: '' }),
    other: await me.get(`/content/replies/${others.row.id}`),
    otherVersions: await me.get(`/content/replies/${others.row.id}/versions`),
    otherPublished: await me.post(`/content/replies/${others.row.id}/steps`, { step: 'publish', edit: 1 }),
    colleagues: await me.get(`/content/replies/${ownReply.id}`),
    change: await me.put(`/content/replies/${everybodys.row.id}`, { content: reply(), expiresOn: null }),
    cards: await me.post('/content/cards', { content: card(), expiresOn: null, storeId: '' }),
    rules: await me.put('/content-rules', { needsSecondPerson: true }),
    order: await me.put('/content/replies/folders', { names: ['我的先'] }),
  }
  const listed = (await me.get('/content/replies?limit=50')).body.rows
  const bulk = await me.post('/content/replies/bulk', {
    itemIds: [others.row.id, everybodys.row.id],
    step: 'archive',
  })
  const personal = (await me.get('/content/replies?scope=personal')).body.rows
  const exported = await me.get('/content/replies/export')

  expect(published.body.row).toMatchObject({ state: 'published', storeName: '天河店' })
  expect(Object.fromEntries(Object.entries(answers).map(([name, { statusCode }]) => [name, statusCode]))).toEqual({
    elsewhere: 404,
    forAll: 404,
    other: 404,
    otherVersions: 404,
    otherPublished: 404,
    colleagues: 404,
    change: 403,
    cards: 404,
    rules: 403,
    order: 403,
  })
  expect((await me.get(`/content/replies/${everybodys.row.id}`)).body.rights).toEqual({ write: false, publish: false })
  const ids = listed.map(({ id }: { id: string }) => id)
  expect(ids).toContain(everybodys.row.id)
  expect(ids).not.toContain(others.row.id)
  expect(bulk.body).toMatchObject({ done: [], refused: [{ id: everybodys.row.id, code: 'FORBIDDEN' }] })
  expect(personal.map(({ ownerUserId }: { ownerUserId: string }) => ownerUserId)).not.toContain(world.colleague.userId)
  expect(exported.statusCode).toBe(403)
})

test.each(['cards', 'knowledge', 'articles'] as const)(
  '%s of one store: its guides have them, others neither see nor send them, and its manager keeps them',
  async (kind) => {
    const manager = await world.addGuide({ departmentIds: [101] })
    const scope = { kind: 'store' as const, departmentIds: [101] }
    await world.services.rights.assign({ ...owner(), role: 'owner' }, manager, { role: 'storeManager', scope })
    const me = world.asAdmin(manager.userId)
    const content = samples[kind]()
    const mine = (await me.post(`/content/${kind}`, { content, expiresOn: null, storeId: '101' })).body
    const twin = await create(kind, content, { storeId: '102' })
    const everybodys = await create(kind, samples[kind]())
    const published = await me.post(`/content/${kind}/${mine.row.id}/steps`, { step: 'publish', edit: mine.edit })
    await step(kind, everybodys, 'publish')
    const customer = await world.addCustomerOf(world.colleague)
    const toSend = {
      cards: { type: 'card', cardId: mine.row.id },
      knowledge: { type: 'knowledge', articleId: mine.row.id, paragraphId: 'a' },
      articles: { type: 'article', articleId: mine.row.id },
    }[kind]

    const sent = await world
      .as(world.colleague)
      .post('/sends', { externalUserId: customer, key: randomUUID(), content: toSend })
    const listed = (await me.get(`/content/${kind}?limit=50`)).body.rows.map(({ id }: { id: string }) => id)
    const ofOwn = (await seenBy(kind)).map(({ id }) => id)
    const ofOther = (await seenBy(kind, world.colleague)).map(({ id }) => id)
    const refused = [
      await me.get(`/content/${kind}/${twin.row.id}`),
      await me.put(`/content/${kind}/${everybodys.row.id}`, { content, expiresOn: null }),
      await me.put(kind === 'cards' ? '/mini-programs' : `/${kind}`, {}),
    ]

    expect(published.body.row).toMatchObject({ state: 'published', scope: 'store', storeName: '天河店' })
    expect(ofOwn).toEqual(expect.arrayContaining([mine.row.id, everybodys.row.id]))
    expect(ofOther).toContain(everybodys.row.id)
    expect(ofOther).not.toContain(mine.row.id)
    expect(sent.statusCode).toBe(404)
    expect(listed).toEqual(expect.arrayContaining([mine.row.id, everybodys.row.id]))
    expect(listed).not.toContain(twin.row.id)
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([404, 403, 403])
  },
)

test('a reply of everybody’s takes no card that only one store may send', async () => {
  const ofStore = await create('cards', card(), { storeId: '101' })
  await step('cards', ofStore, 'publish')
  const withCard = () => ({ ...reply(), parts: [{ type: 'card', cardId: ofStore.row.id }] })
  const everybodys = await create('replies', withCard())
  const stores = await create('replies', withCard(), { storeId: '101' })

  const answers = [await step('replies', everybodys, 'publish'), await step('replies', stores, 'publish')]
  const checked = await admin().post('/content/replies/check?locale=zh-CN', { content: withCard(), storeId: '101' })

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([422, 200])
  expect(checked.body.findings).toEqual([])
})

test('under the two-person rule nobody publishes what he wrote himself', async () => {
  const second = await world.addGuide({ name: '审核人' })
  await world.services.rights.assign({ ...owner(), role: 'owner' }, second, { role: 'admin', scope: { kind: 'all' } })
  await admin().put('/content-rules', { needsSecondPerson: true })
  const reviewer = world.asAdmin(second.userId)
  const stepAs = (who: ReturnType<typeof admin>, { row, edit }: { row: { id: string }; edit: number }, to: string) =>
    who.post(`/content/cards/${row.id}/steps`, { step: to, edit, reason: '封面不清楚' })

  const draft = await create('cards', card())
  const early = [await stepAs(admin(), draft, 'publish'), await stepAs(reviewer, draft, 'publish')]
  const waiting = (await stepAs(admin(), draft, 'submit')).body
  const own = await stepAs(admin(), waiting, 'publish')
  const seen = (await reviewer.get(`/content/cards/${draft.row.id}`)).body
  const refused = (await stepAs(reviewer, seen, 'refuse')).body
  const again = (await stepAs(admin(), refused, 'submit')).body
  const published = await stepAs(reviewer, again, 'publish')
  const direct = await admin().put('/knowledge', { ...samples.knowledge() })
  const { versions } = (await admin().get(`/content/cards/${draft.row.id}/versions`)).body
  await admin().put('/content-rules', { needsSecondPerson: false })

  expect(early.map(({ statusCode }) => statusCode)).toEqual([409, 409])
  expect([waiting.row.state, waiting.rights.publish, seen.rights.publish]).toEqual(['review', false, true])
  expect([own.statusCode, direct.statusCode]).toEqual([403, 409])
  expect(refused).toMatchObject({ row: { state: 'draft' }, work: { refusedBecause: '封面不清楚' } })
  expect(published.body.row.state).toBe('published')
  expect(versions[0].release).toMatchObject({ byName: '管理员', approvedByName: '审核人' })
})

test('rows are found by pinyin, filtered, and paged without a gap', async () => {
  const folder = `页${randomUUID().slice(0, 6)}`
  for (const title of ['重庆发货', '顺丰时效', '会员积分']) {
    const draft = await create('replies', { ...reply(title), folder })
    if (title !== '顺丰时效') await step('replies', draft, 'publish')
    world.clock.advance(1_000)
  }
  const list = async (query: string) =>
    (await admin().get(`/content/replies?folder=${encodeURIComponent(folder)}&${query}`)).body
  const titles = async (query: string) => (await list(query)).rows.map((row: { title: string }) => row.title)

  const first = await list('limit=2')
  const second = await list(`limit=2&before=${first.next}`)

  expect([...Value.Errors(ContentPage, first)]).toEqual([])
  expect([...first.rows, ...second.rows].map(({ title }) => title)).toEqual(['会员积分', '顺丰时效', '重庆发货'])
  expect(second.next).toBeNull()
  expect(await titles('q=cqfh')).toEqual(['重庆发货'])
  expect(await titles('q=huiyuanjf')).toEqual(['会员积分'])
  expect(await titles('state=draft')).toEqual(['顺丰时效'])
  expect(await titles('state=published')).toEqual(['会员积分', '重庆发货'])
  expect(await titles('scope=personal')).toEqual([])
  expect((await admin().get('/content/replies?before=nonsense')).statusCode).toBe(400)
})

test('many are moved and published at once; what cannot be is told row by row', async () => {
  const good = await create('replies', reply('批量一'))
  const bad = await create('replies', reply('批量二', '{{nobody}}'))
  const itemIds = [good.row.id, bad.row.id]
  const from = `旧${randomUUID().slice(0, 6)}`

  const moved = await admin().post('/content/replies/bulk', { itemIds, step: 'move', folder: from })
  const published = await admin().post('/content/replies/bulk', { itemIds, step: 'publish' })
  const renamed = await admin().post('/content/replies/folders/rename', { from, to: `新${from}` })

  expect(moved.body.done.toSorted()).toEqual(itemIds.toSorted())
  expect(published.body).toEqual({
    done: [good.row.id],
    refused: [{ id: bad.row.id, title: '批量二', code: 'TEMPLATE_INVALID' }],
  })
  expect(renamed.body.folders).toContainEqual({ name: `新${from}`, count: 2 })
  const live = (await world.as(world.guide).get('/quick-replies')).body.replies
  expect(live.find(({ id }: { id: string }) => id === good.row.id).folder).toBe(`新${from}`)
  expect((await admin().get(`/content/replies/${bad.row.id}`)).body.work.content.folder).toBe(`新${from}`)
})

test('guides have the folders in the order the admin gave them', async () => {
  for (const folder of ['甲序', '乙序', '丙序'])
    await step('replies', await create('replies', { ...reply(`${folder}的`), folder }), 'publish')
  const folders = async () => {
    const all = (await world.as(world.guide).get('/quick-replies')).body.replies as { folder: string }[]
    return [...new Set(all.map(({ folder }) => folder))].filter((folder) => folder.endsWith('序'))
  }
  const before = await folders()

  await admin().put('/content/replies/folders', { names: ['丙序', '甲序', '乙序'] })

  expect(before).toEqual(['甲序', '乙序', '丙序'])
  expect(await folders()).toEqual(['丙序', '甲序', '乙序'])
})

test('coverage counts the customers who have a value', async () => {
  const corp = world.foreign
  await corp.addAdmin()
  for (const tier of ['金卡会员', '', '']) {
    const { customer } = await corp.follow({ guide: { ...world.guide, ...world.foreigner } })
    const asOf = world.now().toISOString()
    await corp.services.panel.profiles.take(corp.corpId, customer.externalUserId, { asOf, tier })
  }

  const { body } = await corp.asAdmin().get('/content-variables')

  const known = Object.fromEntries(body.variables.map((v: { name: string; known: number }) => [v.name, v.known]))
  expect(body.customers).toBe(3)
  expect(known).toMatchObject({ 'customer.name': 3, 'customer.tier': 1, 'coupon.expires': 0, 'guide.name': 3 })
})

test('what had its last day goes off the shelf; a reply is only marked', async () => {
  const expiresOn = '2026-11-22'
  const over = await create('articles', samples.articles(), { expiresOn })
  await step('articles', over, 'publish')
  const marked = await create('replies', reply(), { expiresOn })
  await step('replies', marked, 'publish')
  const soon = await admin().get('/content/articles?expiry=soon')

  world.passDays(2)
  await world.services.desk.content.takeExpiredOff(world.corpId)

  expect(soon.body.rows.map(({ id }: { id: string }) => id)).toContain(over.row.id)
  const { panel, quickReplies, desk } = world.services
  const actor = { corpId: world.corpId, userId: 'TestAdmin', reach: null, ability: { can: () => true } }
  const { articles } = await panel.articles.catalogue(world.guide)
  const { replies } = await quickReplies.library(world.guide)
  expect(articles.map(({ id }) => id)).not.toContain(over.row.id)
  expect(replies.map(({ id }) => id)).toContain(marked.row.id)
  expect((await panel.replyCare.marks(world.guide)).expired).toContain(marked.row.id)
  expect((await desk.content.list(actor, 'replies', { expiry: 'over', limit: 5 })).rows[0]?.id).toBe(marked.row.id)
})
