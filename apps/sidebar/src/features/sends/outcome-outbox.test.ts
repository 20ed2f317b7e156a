import { ApiError } from '@guidebar/api-client'
import { expect, test } from 'vitest'

import { answering, refusing } from '../../testing/mocks.ts'
import { createStorage } from '../../testing/mount-panel.ts'
import { createOutcomeOutbox } from './outcome-outbox.ts'

const ok = { status: 'client_ok' } as const
const offline = new ApiError('', { code: 'OFFLINE', status: 0 })

test('an outcome is told once', async () => {
  const report = answering(undefined)
  const outbox = createOutcomeOutbox({ report, owner: 'a', storage: createStorage() })

  await outbox.report('s1', ok)
  await outbox.flush()

  expect(report.mock.calls).toEqual([['s1', ok]])
})

test('without a network it waits, also over a reload, until it is told', async () => {
  const storage = createStorage()
  const failing = createOutcomeOutbox({ report: refusing(offline), owner: 'a', storage })
  await failing.report('s1', ok)
  const report = answering(undefined)

  const reopened = createOutcomeOutbox({ report, owner: 'a', storage })
  await reopened.flush()

  expect(failing.size).toBe(1)
  expect(report.mock.calls).toEqual([['s1', ok]])
  expect(storage.length).toBe(0)
})

test('what the server refuses for good is not told again', async () => {
  const refused = new ApiError('', { code: 'SEND_NOT_FOUND', status: 404 })
  const outbox = createOutcomeOutbox({
    report: refusing(refused),
    owner: 'a',
    storage: createStorage(),
  })

  await outbox.report('s1', ok)

  expect(outbox.size).toBe(0)
})

test('another session’s outcomes are not told in this one’s name', async () => {
  const storage = createStorage()
  await createOutcomeOutbox({ report: refusing(offline), owner: 'a', storage }).report('s1', ok)
  const report = answering(undefined)

  await createOutcomeOutbox({ report, owner: 'b', storage }).flush()

  expect(report).not.toHaveBeenCalled()
})
