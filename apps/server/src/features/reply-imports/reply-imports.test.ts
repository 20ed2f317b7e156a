import { ReplyImportView } from '@guidebar/contracts'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startSelling, type SellingWorld } from '../sends/selling.world.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
  await world.addAdmin()
}, 60_000)
afterAll(() => world.close())

const upload = (csv: string | Buffer, fileName = 'replies.csv') =>
  world.asAdmin().send('POST', `/reply-imports?fileName=${fileName}`, {
    rawBody: csv as string,
    headers: { 'content-type': 'text/csv' },
  })
const post = (id: string, path: string) => world.asAdmin().post(`/reply-imports/${id}/${path}`)
const get = async (id: string, path = '') => (await world.asAdmin().get(`/reply-imports/${id}${path}`)).body
const library = async () => (await world.services.quickReplies.library(world.guide)).replies
const find = async (title: string) => (await library()).find((reply) => reply.title === title)

/** 2,000 rows, seven of which are wrong, each in its own way. */
function manyRows(): string {
  const rows = Array.from(
    { length: 2_000 },
    (_, index) => `大导入,第${index}条,"{{customer.name|亲}}，您好，${index}",,,`,
  )
  rows[10] = '大导入,,没有标题,,,'
  rows[200] = `大导入,${'长'.repeat(41)},标题太长,,,`
  rows[400] = '大导入,没有内容的,,,,'
  rows[600] = '大导入,没有备用词,{{customer.name}}您好,,,'
  rows[800] = '大导入,坏日期,您好,,2026-02-30,'
  rows[1_000] = '大导入,没有的门店,您好,,,火星店'
  rows[1_999] = '大导入,第5条,重复的名字,,,'
  return ['分组,标题,内容,快捷码,有效期,门店', ...rows].join('\r\n')
}

test('2,000 rows of which seven are bad: named, written once, and taken back', async () => {
  await world.services.quickReplies.saveCorp(world.corpId, {
    folder: '大导入',
    title: '第0条',
    shortcut: '',
    parts: [{ type: 'text', text: '从前的话' }],
  })
  await world.services.quickReplies.saveCorp(world.corpId, {
    folder: '大导入',
    title: '第1条',
    shortcut: '',
    parts: [{ type: 'text', text: '{{customer.name|亲}}，您好，1' }],
  })

  const { body: view } = await upload(manyRows())
  const bad = await get(view.id, '/rows?verdict=bad&limit=50')
  const rejects = await world.asAdmin().get(`/reply-imports/${view.id}/rejects`)

  expect([...Value.Errors(ReplyImportView, view)]).toEqual([])
  expect(view).toMatchObject({ state: 'checked', rows: 2_000, counts: { create: 1_991, update: 1, skip: 1, bad: 7 } })
  expect(
    bad.rows.map(({ row, faults }: { row: number; faults: { code: string }[] }) => [row, faults[0]?.code]),
  ).toEqual([
    [12, 'title-empty'],
    [202, 'title-too-long'],
    [402, 'text-empty'],
    [602, 'missing-fallback'],
    [802, 'expires-bad'],
    [1_002, 'store-unknown'],
    [2_001, 'twice-in-file'],
  ])
  expect(bad.rows[4].faults[0]).toEqual({
    code: 'expires-bad',
    column: '有效期',
    expected: '日期，如 2026-12-31',
    found: '2026-02-30',
    fix: '改成 年-月-日，或留空',
  })
  expect(rejects.text.split('\r\n').filter(Boolean)).toHaveLength(8)
  expect(await find('第3条')).toBeUndefined()

  const [first, again] = [await post(view.id, 'commit'), await post(view.id, 'commit')]
  await world.services.jobs.drain()
  const done = await get(view.id)
  const third = await post(view.id, 'commit')

  expect([first.body.state, again.body.state, third.body.state]).toEqual(['committing', 'committing', 'committed'])
  expect(done).toMatchObject({ state: 'committed', progress: { done: 1_992, total: 1_992 } })
  expect(done.result).toMatchObject({ created: 1_991, updated: 1, left: 0 })
  expect((await library()).filter(({ folder }) => folder === '大导入')).toHaveLength(1_993)
  expect((await find('第0条'))?.parts).toEqual([{ type: 'text', text: '{{customer.name|亲}}，您好，0' }])

  const changed = await find('第7条')
  const { body: item } = await world.asAdmin().get(`/content/replies/${changed?.id}`)
  const content = { ...item.live, parts: [{ type: 'text', text: '有人改过' }] }
  const { body: saved } = await world.asAdmin().put(`/content/replies/${changed?.id}`, { content, expiresOn: null })
  await world.asAdmin().post(`/content/replies/${changed?.id}/steps`, { step: 'publish', edit: saved.edit })
  expect((await post(view.id, 'undo')).body.state).toBe('undoing')
  await world.services.jobs.drain()

  expect((await get(view.id)).result).toMatchObject({ created: 0, updated: 0, undone: 1_991, left: 1 })
  expect((await library()).filter(({ folder }) => folder === '大导入').map(({ title }) => title)).toEqual(
    expect.arrayContaining(['第0条', '第1条', '第7条']),
  )
  expect((await find('第0条'))?.parts).toEqual([{ type: 'text', text: '从前的话' }])
  expect((await find('第7条'))?.parts).toEqual([{ type: 'text', text: '有人改过' }])
  expect(await find('第3条')).toBeUndefined()
}, 120_000)

test('a job that died half way goes on where it stopped', async () => {
  const { body: view } = await upload('分组,标题,内容\n断点,一,一\n断点,二,二\n')
  await post(view.id, 'commit')
  const rows = world.db.collection('replyImportRows')

  await world.services.jobs.drain()
  // As if the outcome of the second row had not reached the disk.
  await rows.updateOne({ importId: view.id, row: 3 }, { $set: { outcome: null } })
  await world.db
    .collection('replyImports')
    .updateOne({ fileName: 'replies.csv', rows: 2 }, { $set: { state: 'committing' } })
  await post(view.id, 'commit')
  await world.services.jobs.drain()

  const ids = (await library()).filter(({ folder }) => folder === '断点').map(({ id }) => id)
  const versions = await world.asAdmin().get(`/content/replies/${ids[1]}/versions`)
  expect(ids).toHaveLength(2)
  expect(versions.body.versions).toHaveLength(1)
  expect((await get(view.id)).result).toMatchObject({ created: 2, left: 0 })
})

test('columns of other names are asked for once, and remembered', async () => {
  const csv = '问,甲,答\n怎么退货,x,七天内\n'
  const { body: first } = await upload(csv)
  const mapping = { ...first.mapping, title: 0, content: 2 }

  const early = await post(first.id, 'commit')
  const none = await world.asAdmin().put(`/reply-imports/${first.id}/mapping`, { mapping: first.mapping, storeId: '' })
  const mapped = await world.asAdmin().put(`/reply-imports/${first.id}/mapping`, { mapping, storeId: '101' })
  await post(first.id, 'commit')
  await world.services.jobs.drain()
  const { body: second } = await upload(csv)

  expect([first.state, early.statusCode, none.statusCode]).toEqual(['mapping', 409, 400])
  expect(mapped.body).toMatchObject({ state: 'checked', counts: { create: 1 } })
  expect(await find('怎么退货')).toMatchObject({ scope: 'store' })
  expect(second).toMatchObject({ state: 'checked', mapping })
})

test('a file as a Chinese Excel writes it is read; a workbook, a torn file and an empty one are told apart', async () => {
  const gbk = Buffer.concat([
    Buffer.from('title,content\n', 'latin1'),
    Buffer.from([0xc4, 0xfa, 0xba, 0xc3, 0x2c, 0xd0, 0xbb, 0xd0, 0xbb, 0x0a]),
  ])

  const { body } = await upload(gbk)
  const refused = [await upload('PK\u0003\u0004'), await upload('标题,内容\n"没有关'), await upload('标题,内容\n')]

  expect((await get(body.id, '/rows')).rows).toMatchObject([{ title: '您好', text: '谢谢', verdict: 'create' }])
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([415, 400, 400])
})

test('an export comes back in as it went out, and no cell of it is a formula', async () => {
  const titles = ['=1+1', '+86', '@SUM(A1)', '　＝2', '-3', '普通']
  for (const title of titles)
    await world.services.quickReplies.saveCorp(world.corpId, {
      folder: '出口',
      title,
      shortcut: '',
      parts: [
        { type: 'text', text: `${title}，"引号"\n第二行` },
        { type: 'text', text: '第二条' },
      ],
    })

  const { text, headers, statusCode } = await world
    .asAdmin()
    .send('GET', `/content/replies/export?folder=${encodeURIComponent('出口')}`)
  const { body: back } = await upload(text)

  expect([statusCode, headers.get('content-disposition')]).toEqual([200, 'attachment; filename="replies.csv"'])
  expect(text.split('\r\n').filter((line) => /^(?:[^,]*,)?[=+\-@＝　]/.test(line))).toEqual([])
  expect(back.counts).toEqual({ create: 0, update: 0, skip: titles.length, bad: 0 })
})

test('another corp has no part in an import', async () => {
  await world.foreign.addAdmin()
  const { body: view } = await upload('标题,内容\n外人,不见\n')
  const stranger = world.foreign.asAdmin()

  const answers = [
    await stranger.get(`/reply-imports/${view.id}`),
    await stranger.get(`/reply-imports/${view.id}/rows`),
    await stranger.get(`/reply-imports/${view.id}/rejects`),
    await stranger.post(`/reply-imports/${view.id}/commit`),
    await stranger.post(`/reply-imports/${view.id}/undo`),
  ]

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404])
  expect((await stranger.get('/reply-imports')).body.imports).toEqual([])
})

test('under the two-person rule an import waits for a second person', async () => {
  await world.asAdmin().put('/content-rules', { needsSecondPerson: true })
  const { body: view } = await upload('分组,标题,内容\n待审,甲,一\n')
  await post(view.id, 'commit')
  await world.services.jobs.drain()

  const waiting = (await world.asAdmin().get('/content/replies?state=review')).body.rows
  const own = await world.asAdmin().post('/content/replies/bulk', { itemIds: [waiting[0].id], step: 'publish' })

  expect((await get(view.id)).result).toMatchObject({ created: 0, forReview: 1 })
  expect(waiting).toMatchObject([{ title: '甲', state: 'review' }])
  expect(own.body.refused).toMatchObject([{ code: 'FORBIDDEN' }])
  expect(await find('甲')).toBeUndefined()
  await post(view.id, 'undo')
  await world.services.jobs.drain()
  expect((await world.asAdmin().get('/content/replies?state=review')).body.rows).toEqual([])
  await world.asAdmin().put('/content-rules', { needsSecondPerson: false })
})
