import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

test('one row changed, put in or taken out is found, also at the end', async ({ world }) => {
  await world.addAdmin()
  for (let index = 0; index < 5; index++)
    await world.services.audit.note(
      { corpId: world.corpId, userId: 'TestAdmin' },
      { action: 'test.done', target: `${index}` },
    )
  const rows = world.db.collection('auditRows')
  const verdict = async () => (await world.asAdmin().get('/audit/verdict')).body
  const whole = await verdict()

  await rows.updateOne({ seq: 3 }, { $set: { target: 'x' } })
  const changed = await verdict()
  await rows.updateOne({ seq: 3 }, { $set: { target: '2' } })
  const mended = await verdict()
  const last = await rows.findOne({}, { sort: { seq: -1 } })
  await rows.deleteOne({ seq: last?.['seq'] })
  const cut = await verdict()

  expect(whole).toMatchObject({ isWhole: true, brokenAt: null })
  expect(changed).toMatchObject({ isWhole: false, brokenAt: 3 })
  expect(mended.isWhole).toBe(true)
  expect(cut).toMatchObject({ isWhole: false, brokenAt: last?.['seq'] })
})

test('the record is filtered, paged without gaps, and leaves as a table that no program runs', async ({ world }) => {
  await world.addAdmin()
  const member = { corpId: world.corpId, userId: 'TestAdmin' }
  for (let index = 0; index < 5; index++)
    await world.services.audit.note(member, { action: 'test.done', target: `=1+${index}` })
  await world.services.audit.note(member, { action: 'other.done', target: 'x' })

  const first = await world.asAdmin().get('/audit?action=test.&limit=3')
  const second = await world.asAdmin().get(`/audit?action=test.&limit=3&before=${first.body.next}`)
  const file = await world.asAdmin().get('/audit/export?action=test.done')
  const exported = await world.asAdmin().get('/audit?action=audit.exported')

  const targets = [...first.body.rows, ...second.body.rows].map(({ target }: { target: string }) => target)
  expect(targets).toEqual(['=1+4', '=1+3', '=1+2', '=1+1', '=1+0'])
  expect(file.headers.get('content-type')).toContain('text/csv')
  expect(file.text).toContain(",'=1+4,")
  expect(file.text).not.toContain(',=1+')
  expect(exported.body.rows).toHaveLength(1)
})

test('how long and by whom a record may be asked for is limited', async ({ world }) => {
  await world.addAdmin()
  const codes = await Promise.all(
    ['?actor=$ne', '?action=$where', '?from=yesterday', '?limit=500', '?before=%7B%7D', '?nothing=1'].map(
      async (query) => (await world.asAdmin().get(`/audit${query}`)).statusCode,
    ),
  )

  // A userid that does not exist is no wrong question.
  expect(codes).toEqual([200, 400, 400, 400, 400, 400])
})
