import { startWorld, type World } from '@guidebar/testkit'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { byteOrderMark, toCsvCell, toCsvLine } from '../../platform/csv.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ mongoUri: inject('mongoUri') })
  await world.addAdmin()
})
afterAll(() => world.close())

const hostile = [
  '=1+1',
  '+86',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\0=1',
  ' =1',
  '\u3000=1',
  '\u200B=1',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  '\n@x',
]

test.each(hostile)('%j opens as text', (text) => {
  expect(toCsvCell(text).replace(/^"/, '').startsWith("'")).toBe(true)
})

test.each(['李娜', '10:30', 'a=b', '会员-金卡', '', '3-1'])('%j stays as it is', (text) => {
  expect(toCsvCell(text)).toBe(text)
})

test('lines are as RFC 4180 has them', () => {
  expect(toCsvLine(['a"b', 'c,d', 'e\nf', 5, null])).toBe('"a""b","c,d","e\nf",5,\r\n')
})

test('a file of everybody in scope, safe to open, on record, and gone after a day', async () => {
  const guide = await world.addGuide({ name: '林小美' })
  const formula = '=HYPERLINK("http://evil")'
  await world.follow({
    guide,
    customerSeed: { name: formula },
    remark: '李姐,"VIP"',
    tags: ['金卡'],
    state: 'store_11',
  })
  await world.follow({ guide, customerSeed: { name: '王伟' } })
  await world.services.jobs.drain()
  const admin = world.asAdmin()
  const wanted = { key: 'export-key-1', selection: { filter: {} }, language: 'zh-CN' }

  const begun = await admin.post('/customer-exports', wanted)
  const again = await admin.post('/customer-exports', wanted)
  const early = await admin.get(`/customer-exports/${begun.body.exportId}/file`)
  await world.services.jobs.drain()
  const file = await admin.get(`/customer-exports/${begun.body.exportId}/file`)
  const { body: listed } = await admin.get('/customer-exports')

  expect(begun.statusCode).toBe(202)
  expect(again.body.exportId).toBe(begun.body.exportId)
  expect(early.statusCode).toBe(404)
  expect(listed.exports).toMatchObject([{ phase: 'done', rows: 2, byName: '管理员' }])
  expect(file.text.startsWith('客户,备注,导购,')).toBe(true)
  // Reading an answer as text swallows the mark.
  expect(listed.exports[0].bytes).toBe(Buffer.byteLength(byteOrderMark + file.text))
  expect(file.text).toContain(`"'${formula.replaceAll('"', '""')}","李姐,""VIP""",林小美,天河店,,金卡,`)
  expect(file.text.trimEnd().split('\r\n')).toHaveLength(3)
  expect(file.headers.get('content-disposition')).toContain('attachment')
  const rows = await world.db
    .collection('auditRows')
    .find({ action: /^customers/ })
    .sort({ seq: 1 })
    .toArray()
  const actions = rows.map(({ action }) => action)
  expect(actions).toEqual(['customers.export-begun', 'customers.export-downloaded'])

  world.clock.advance(25 * 3_600_000)
  const swept = await world.services.ofCustomers.exports.sweep()
  const late = await world.asAdmin().get(`/customer-exports/${begun.body.exportId}/file`)

  expect(swept).toBe(1)
  expect(await world.db.collection('customerExportParts').countDocuments()).toBe(0)
  expect([401, 404]).toContain(late.statusCode)
})

test('a file belongs to who asked for it', async () => {
  await world.addGuide({ userId: 'Second', name: '第二人', customerContact: false })
  const owner = { corpId: world.corpId, userId: 'TestAdmin', role: 'owner' as const }
  const role = { role: 'admin' as const, scope: { kind: 'all' as const } }
  await world.services.rights.assign(owner, { corpId: world.corpId, userId: 'Second' }, role)
  const second = world.asAdmin('Second')
  const { body } = await second.post('/customer-exports', {
    key: 'export-key-2',
    selection: { filter: {} },
    language: 'en',
  })
  await world.services.jobs.drain()
  await world.addGuide({ userId: 'Third', name: '第三人', customerContact: false })
  await world.services.rights.assign(owner, { corpId: world.corpId, userId: 'Third' }, role)

  const foreign = await world.asAdmin('Third').get(`/customer-exports/${body.exportId}/file`)
  const own = await second.get(`/customer-exports/${body.exportId}/file`)

  expect(foreign.statusCode).toBe(404)
  expect(own.text.startsWith('Customer,Remark,')).toBe(true)
})

test('whoever has left for good stands in no entry, batch or segment, and a day later in no file', async () => {
  await world.signInAgain()
  const canary = '金丝雀王小姐'
  const { guide, customer } = await world.follow({ customerSeed: { name: canary }, remark: `${canary}备注` })
  await world.services.jobs.drain()
  const admin = world.asAdmin()
  const [tagId] = await world.addTags(['金丝雀标签'])
  const selection = { externalUserIds: [customer.externalUserId] }
  const rules = [{ field: 'tag', is: 'any', tagIds: [tagId] }]
  const definition = { join: 'all', exclude: false, rules, groups: [] }
  await admin.post('/segments', { name: '金丝雀', definition })
  await admin.post('/tag-batches', { key: 'canary-batch-1', selection, add: [tagId], remove: [] })
  await admin.post('/customer-exports', { key: 'canary-export-1', selection, language: 'zh-CN' })
  await world.services.jobs.drain()
  const before = await holding(canary)

  await world.wecom.act('guideDeletesCustomer', { userId: guide.userId, externalUserId: customer.externalUserId })
  await world.settle()
  await world.services.jobs.drain()
  const left = await holding(canary)
  const { body: found } = await admin.get(`/customers?q=${encodeURIComponent(canary)}`)
  const { body: sized } = await admin.post('/segments/preview', { definition })
  const { body: later } = await admin.post('/customer-exports', {
    key: 'canary-export-2',
    selection,
    language: 'zh-CN',
  })
  await world.services.jobs.drain()
  const file = await admin.get(`/customer-exports/${later.exportId}/file`)
  world.clock.advance(24 * 3_600_000 + 1)
  await world.services.ofCustomers.exports.sweep()

  expect(before).toEqual(expect.arrayContaining(['customerEntries', 'customerExportParts']))
  expect(left).toEqual(['customerExportParts'])
  expect([found.customers, sized.samples, sized.fits.count]).toEqual([[], [], 0])
  expect(file.text).not.toContain(canary)
  expect(await holding(canary)).toEqual([])
})

/** Collections of what the admin panel makes of customers that hold this word. */
async function holding(word: string): Promise<string[]> {
  const names = ['customerEntries', 'segments', 'tagBatches', 'tagBatchRows', 'customerExports', 'customerExportParts']
  const found: string[] = []
  for (const name of names) {
    const rows = await world.db.collection(name).find().toArray()
    if (JSON.stringify(rows).includes(word)) found.push(name)
  }
  return found
}
