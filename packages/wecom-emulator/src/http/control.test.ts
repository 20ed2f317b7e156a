import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FaultKind } from '../control-contract.ts'
import { toRelationDigest } from '../digest.ts'
import { lina, readFixture, useEmulator } from '../test-support.ts'

const emulator = useEmulator()

test('the coverage table and the registered routes say the same, both ways', async () => {
  const table = readFileSync(new URL('../../../../docs/wecom-coverage.md', import.meta.url), 'utf8')
  const rows = [...table.matchAll(/^\| (GET|POST) +\| `([^`]+)` +\| (full|partial|none) +\|/gm)].map(
    ([, method, path, level]) => `${method} /cgi-bin/${path} ${level}`,
  )
  const registered = (await emulator.control.coverage()).map(({ method, path, level }) => `${method} ${path} ${level}`)

  expect(rows.filter((row) => !row.endsWith(' none')).toSorted()).toEqual(registered.toSorted())
})

test('the coverage table names every path that has a fixture', () => {
  const table = readFileSync(new URL('../../../../docs/wecom-coverage.md', import.meta.url), 'utf8')
  const manifest = JSON.parse(readFixture('manifest.json')) as { path?: string }[]
  const paths = new Set(
    manifest.flatMap(({ path }) =>
      path?.startsWith('/cgi-bin/') ? [path.slice('/cgi-bin/'.length).split('?')[0]] : [],
    ),
  )

  expect([...paths].filter((path) => !table.includes(`\`${path}\``))).toEqual([])
})

test('reset empties the corp and brings the first settings back', async () => {
  await emulator.control.changeSettings({
    latencyMs: 1,
    trustedDomains: ['a.example'],
    callback: { redeliverAfterMs: 5 },
  })

  await emulator.control.reset()

  expect((await emulator.control.corp()).counts).toMatchObject({ members: 0, customers: 0, relations: 0, tags: 0 })
  expect(await emulator.control.settings()).toMatchObject({
    latencyMs: 0,
    trustedDomains: [],
    callback: { redeliverAfterMs: 1000, timeoutMs: 5000 },
  })
  expect((await emulator.get('getcallbackip')).errcode).toBe(40014)
})

test('the same seed gives the same ids', async () => {
  const add = async () =>
    (await emulator.control.act('addCustomer', { userId: 'LinXiaoMei', customer: { name: '新客' } })).externalUserId
  const load = () => emulator.control.load({ members: [{ userId: 'LinXiaoMei', name: '林小美', departmentIds: [1] }] })
  await emulator.control.reset()
  await load()
  const first = await add()
  await emulator.control.reset()
  await load()

  expect(await add()).toBe(first)
  expect(first).toMatch(/^wm[A-Za-z0-9]{30}$/)
})

test('the digest is the same in any order and changes with remark, tags and customers', async () => {
  const before = await emulator.control.digest()
  const { relations } = await emulator.control.truth()
  expect(toRelationDigest(relations.toReversed())).toEqual(before)
  expect(before.relations).toBe(4)

  await emulator.post('externalcontact/remark', { userid: 'LinXiaoMei', external_userid: lina, remark: '别的' })
  const renamed = await emulator.control.digest()
  expect(renamed.digest).not.toBe(before.digest)
  await emulator.post('externalcontact/del_corp_tag', { tag_id: ['tag-gold'] })
  expect((await emulator.control.digest()).digest).not.toBe(renamed.digest)
})

test('the digest follows every change, whatever was kept of the last one', async () => {
  const seen = new Set<string>()
  const look = async () => {
    const { digest, relations } = await emulator.control.digest()
    const guides = await emulator.control.guideDigests()
    const truth = await emulator.control.truth()
    expect(toRelationDigest(truth.relations)).toEqual({ digest, relations })
    expect(guides.reduce((sum, guide) => sum + guide.relations, 0)).toBe(relations)
    seen.add(digest)
  }
  const pair = { userId: 'LinXiaoMei', externalUserId: lina }
  const changes = [
    () => emulator.control.act('editRelation', { ...pair, remark: '新' }),
    () => emulator.control.act('editRelation', { ...pair, addTagIds: ['tag-dry'] }),
    () => emulator.control.act('deleteTag', { id: 'tag-gold' }),
    () => emulator.control.act('guideDeletesCustomer', pair),
    () => emulator.control.act('addCustomer', { ...pair, half: true }),
    () => emulator.control.changeSettings({ uncertain: { halfRelations: 'visible' } }),
    () => emulator.control.act('updateMember', { userId: 'LinXiaoMei', newUserId: 'LinMei' }),
    () => emulator.control.changeSettings({ visibleRange: { userIds: ['ChenJie'], departmentIds: [] } }),
    () => emulator.control.act('deleteMember', { userId: 'ChenJie' }),
  ]

  await look()
  for (const change of changes) {
    await change()
    await look()
  }
  // An addition of a half contact shows nowhere, so that one change changes nothing.
  expect(seen.size).toBe(changes.length)
})

test('the digest of one guide shows where two stores differ', async () => {
  const before = await emulator.control.guideDigests()
  await emulator.control.act('editRelation', { userId: 'ChenJie', externalUserId: lina, remark: '新' })
  const after = await emulator.control.guideDigests()

  const changed = after.filter((guide, index) => guide.digest !== before[index]?.digest)
  expect(changed.map((guide) => guide.userId)).toEqual(['ChenJie'])
  const { relations } = await emulator.control.truth({ userId: 'ChenJie' })
  expect(toRelationDigest(relations).digest).toBe(changed[0]?.digest)
})

test('truth comes in pages', async () => {
  const first = await emulator.control.truth({ limit: 3 })
  const second = await emulator.control.truth({ limit: 3, after: first.next ?? 0 })

  expect(first.relations.length + second.relations.length).toBe(4)
  expect(second.next).toBeNull()
})

test('commands that cannot be done say why', async () => {
  await expect(emulator.control.changeSettings({ latency: 5 } as never)).rejects.toThrow('no such setting: latency')
  await expect(emulator.control.changeSettings({ latencyMs: '5' } as never)).rejects.toThrow('wrong kind')
  await expect(emulator.control.load({ relations: [{ userId: 'nobody', externalUserId: lina }] })).rejects.toThrow(
    'no member nobody',
  )
  await expect(emulator.control.failNext({ path: 'gettoken' })).rejects.toThrow('exactly one of errcode')
})

test('only pages of this machine may read the control API', async () => {
  const ask = (origin: string) => fetch(`${emulator.url}/__emulator/corp`, { headers: { origin } })

  expect((await ask('http://127.0.0.1:4173')).headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:4173')
  expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  const simple = await fetch(`${emulator.url}/__emulator/reset`, { method: 'POST', body: '{}' })
  expect(simple.status).toBe(400)
})

test('a customer keeps the rest of the profile when a part of it changes', async () => {
  await emulator.control.act('editCustomer', { externalUserId: lina, name: '李娜娜' })

  expect(await emulator.control.customer(lina)).toMatchObject({
    name: '李娜娜',
    gender: 2,
    unionId: 'oZx7kQ2mV5bN8cL1zP4wR6tY3uI0',
    relations: [{}, {}],
  })
})

test('the inspector and its files are served', async () => {
  const page = await (await fetch(emulator.url)).text()
  const files = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)

  expect(files).toHaveLength(2)
  for (const path of files) expect((await fetch(`${emulator.url}${path}`)).status).toBe(200)
  expect((await fetch(`${emulator.url}/assets/text.zh-CN.js`)).headers.get('content-type')).toContain('text/javascript')
})

test('the inspector has words for every kind of fault', async () => {
  const file = new URL('../inspector/text.zh-CN.js', import.meta.url).href
  const { text } = (await import(file)) as { text: { faultKind(fault: FaultKind): string } }
  const kinds: FaultKind[] = [
    { errcode: -1 },
    { httpFault: 'hang' },
    { latencyMs: [1, 2] },
    { tokens: 'revoke' },
    { quota: { perMinute: 1 } },
    { concurrent: 1 },
    { dateOffsetSec: 1 },
    { listLagMs: 1 },
    { eventLagMs: 1 },
  ]

  const words = kinds.map((kind) => text.faultKind(kind))

  expect(new Set(words).size).toBe(kinds.length)
  expect(words.filter((word) => /undefined|NaN/.test(word))).toEqual([])
})
