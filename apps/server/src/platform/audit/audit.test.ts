import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

import { hashOf } from './audit.chain.ts'
import { auditModel, type AuditRow } from './audit.model.ts'

test('two servers that write at the same time keep one chain', async ({ world }) => {
  const twin = await world.startTwin()
  const member = { corpId: world.corpId, userId: 'TestAdmin' }
  const count = 120

  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      (index % 2 ? twin.services : world.services).audit.note(member, { action: 'test.done', target: String(index) }),
    ),
  )

  const rows = await auditModel(world.db).find({}).sort({ seq: 1 }).lean<AuditRow[]>()
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  expect(new Set(rows.map(({ target }) => target)).size).toBe(count)
  for (const [index, { hash, ...row }] of rows.entries()) {
    expect(row.prevHash).toBe(rows[index - 1]?.hash ?? '0'.repeat(64))
    expect(hashOf(row)).toBe(hash)
  }
})

test('what is told twice under one key stands there once', async ({ world }) => {
  const member = { corpId: world.corpId, userId: 'TestAdmin' }
  const tell = () => world.services.audit.note(member, { key: 'same', action: 'test.done', target: 'x' })

  await Promise.all([tell(), tell()])
  await tell()

  expect(await auditModel(world.db).countDocuments({})).toBe(1)
})

test('a change by an admin is on record with its address, also when the service says nothing itself', async ({
  world,
}) => {
  await world.addAdmin()

  const response = await world.asAdmin().post('/callbacks/arm')
  const saved = await world.asAdmin().put('/action-rules', { rules: {} })

  const rows = await auditModel(world.db).find({}).sort({ seq: 1 }).lean<AuditRow[]>()
  const armed = rows.filter(({ action }) => action === 'callbacks.armed')
  expect(armed).toMatchObject([
    { actorUserId: 'TestAdmin', ip: '127.0.0.1', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  ])
  expect([response.statusCode, saved.statusCode]).toEqual([200, 400])
  expect(rows.some(({ action }) => action === 'rules.actions-changed')).toBe(false)
})
