import { DeadJobs, JobKinds } from '@guidebar/contracts'
import { test } from '@guidebar/testkit'
import { Value } from 'typebox/value'
import { expect } from 'vitest'

const jobRow = (n: number) => ({
  _id: `sync-reconcile/given-up-${n}`,
  name: 'sync-reconcile',
  key: `given-up-${n}`,
  state: 'dead',
  payload: { secret: 'canary' },
  lane: 1,
  runAt: new Date(1_700_000_000_000 + n),
  tries: 5,
  fence: 1,
  enqueuedAt: new Date(1_700_000_000_000),
  failure: { code: 'WECOM_UNAVAILABLE', message: 'WeCom did not answer', at: new Date(1_700_000_000_000 + n) },
})

test('an admin sees the jobs that were given up, page by page, and lets one run again', async ({ world }) => {
  await world.addAdmin()
  await world.db.collection('jobs').insertMany([1, 2, 3].map(jobRow) as never[])
  const admin = world.asAdmin()

  const first = await admin.get('/api/admin/jobs/dead?limit=2')
  const second = await admin.get(`/api/admin/jobs/dead?limit=2&before=${first.body.next}`)
  const kinds = await admin.get('/api/admin/jobs')
  const retried = await admin.post('/jobs/dead/retry', { id: 'sync-reconcile/given-up-2' })
  const again = await admin.post('/jobs/dead/retry', { id: 'sync-reconcile/given-up-2' })

  expect([...Value.Errors(DeadJobs, first.body), ...Value.Errors(JobKinds, kinds.body)]).toEqual([])
  const ids = [first, second].map(({ body }) => body.jobs.map((job: { id: string }) => job.id.at(-1)).join(''))
  expect([ids, second.body.next]).toEqual([['32', '1'], null])
  expect(JSON.stringify([first.body, second.body])).not.toContain('canary')
  expect(kinds.body.kinds).toContainEqual(expect.objectContaining({ name: 'sync-reconcile', dead: 3 }))
  expect([retried.statusCode, again.statusCode]).toEqual([204, 404])
  const row = await world.db.collection('jobs').findOne({ _id: 'sync-reconcile/given-up-2' as never })
  expect(row).toMatchObject({ state: 'waiting', tries: 0 })
})

test('who is no admin does not see the jobs', async ({ world }) => {
  const { guide } = await world.follow()
  await world.addAdmin()

  const asGuide = await world.as(guide).get('/api/admin/jobs/dead')
  const nobody = await world.newBrowser().get('/api/admin/jobs')

  expect([asGuide.statusCode, nobody.statusCode]).toEqual([401, 401])
})
