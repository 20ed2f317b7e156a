import { ApiError } from '@guidebar/api-client'
import type { PreparedSend, PrepareSend, SendContent, SendOutcome } from '@guidebar/contracts'
import { expect, test, vi } from 'vitest'

import { HostError } from '../../host/host-error.ts'
import type { SendResult } from '../../host/wecom-host.ts'
import { createSendQueue } from './send-queue.ts'

const target = { externalUserId: 'wm-wang' }
const part = (at: number): SendContent => ({ type: 'reply', replyId: '0'.repeat(24), part: at, text: `第${at}条` })
const parts = [part(0), part(1), part(2)]
const failed = (code: HostError['code'], late?: Promise<SendResult>): SendResult => ({
  status: 'failed',
  error: new HostError(code, 'the client’s words'),
  late,
})

function setUp(
  results: SendResult[] = [],
  statuses: PreparedSend['status'][] = [],
  warnings: PreparedSend['warnings'][] = [],
) {
  const log: string[] = []
  let keys = 0
  let sends = 0
  const prepareSend = vi.fn<(asked: PrepareSend) => Promise<PreparedSend>>(async ({ key, content }) => {
    log.push(`prepare ${key} ${'part' in content ? content.part : ''}`)
    return {
      sendId: `s${++sends}`,
      status: statuses.shift() ?? ('pending' as const),
      message: { msgtype: 'text' as const, text: { content: 'x' } },
      warnings: warnings.shift() ?? [],
    }
  })
  const host = {
    send: vi.fn<() => Promise<SendResult>>(async () => {
      log.push('send')
      return results.shift() ?? { status: 'ok' as const }
    }),
  }
  const outbox = {
    report: vi.fn<(sendId: string, outcome: SendOutcome) => Promise<void>>(
      async (sendId, { status }) => void log.push(`${sendId} ${status}`),
    ),
  }
  const queue = createSendQueue({ api: { prepareSend }, host, outbox, makeKey: () => `k${++keys}` })
  return { queue, log, prepareSend, host, outbox }
}

test('each message is on record before the client gets it, and the next waits for the one before', async () => {
  const { queue, log } = setUp()

  await queue.start(target, parts)

  expect(log.filter((line) => !line.includes('client_ok'))).toEqual([
    'prepare k1 0',
    'send',
    'prepare k2 1',
    'send',
    'prepare k3 2',
    'send',
  ])
  expect(log.filter((line) => line.includes('client_ok'))).toEqual(['s1 client_ok', 's2 client_ok', 's3 client_ok'])
  expect(queue.state).toMatchObject({ phase: 'done', sent: 3, total: 3 })
})

test('a cancel stops quietly; going on sends the rest and nothing twice', async () => {
  const { queue, host, prepareSend } = setUp([{ status: 'ok' }, { status: 'cancelled' }])

  await queue.start(target, parts)
  const paused = { ...queue.state }
  await queue.resume()

  expect(paused).toMatchObject({ phase: 'paused', sent: 1, cancelled: true, failure: null })
  expect(queue.state.phase).toBe('done')
  expect(host.send).toHaveBeenCalledTimes(4)
  expect(prepareSend.mock.calls.map(([{ content }]) => 'part' in content && content.part)).toEqual([0, 1, 1, 2])
})

test('a stop lets the message under way finish', async () => {
  const { queue, host } = setUp()
  host.send.mockImplementationOnce(async () => {
    queue.stop()
    return { status: 'ok' }
  })

  await queue.start(target, parts)

  expect(queue.state).toMatchObject({ phase: 'paused', sent: 1, cancelled: false })
  await queue.resume()
  expect(queue.state).toMatchObject({ phase: 'done', sent: 3 })
})

test('a second click while sending does nothing', async () => {
  const { queue, host } = setUp()

  await Promise.all([queue.start(target, [part(0)]), queue.start(target, [part(0)]), queue.resume()])

  expect(host.send).toHaveBeenCalledTimes(1)
})

test('when the server’s answer is lost, the repeat uses the same key', async () => {
  const { queue, prepareSend, host } = setUp()
  prepareSend.mockRejectedValueOnce(new ApiError('', { code: 'OFFLINE', status: 0 }))

  await queue.start(target, [part(0)])
  const failure = queue.state.failure
  await queue.resume()

  expect(failure).toMatchObject({ code: 'OFFLINE' })
  expect(prepareSend.mock.calls.map(([{ key }]) => key)).toEqual(['k1', 'k1'])
  expect(host.send).toHaveBeenCalledTimes(1)
})

test('words edited before going on are a new intent', async () => {
  const { queue, prepareSend } = setUp()
  prepareSend.mockRejectedValueOnce(new ApiError('', { code: 'TIMEOUT', status: 0 }))
  await queue.start(target, [part(0)])

  await queue.resume([{ type: 'reply', replyId: '0'.repeat(24), part: 0, text: '改过了' }])

  expect(prepareSend.mock.calls.map(([{ key }]) => key)).toEqual(['k1', 'k2'])
})

test('what the record says was sent is not handed over again', async () => {
  const { queue, host } = setUp([], ['client_ok'])

  await queue.start(target, [part(0)])

  expect(host.send).not.toHaveBeenCalled()
  expect(queue.state.phase).toBe('done')
})

test('a refusal is reported with its reason, and a fresh try is a new record', async () => {
  const { queue, outbox, prepareSend } = setUp([failed('NO_PERMISSION')])

  await queue.start(target, [part(0)])
  expect(outbox.report).toHaveBeenCalledWith('s1', { status: 'failed', reason: 'NO_PERMISSION the client’s words' })
  await queue.resume()

  expect(prepareSend.mock.calls.map(([{ key }]) => key)).toEqual(['k1', 'k2'])
  expect(queue.state.phase).toBe('done')
})

test('silence is reported as nothing until the client speaks; then the message counts as sent', async () => {
  let speak: (result: SendResult) => void = () => undefined
  const late = new Promise<SendResult>((resolve) => (speak = resolve))
  const { queue, outbox, host } = setUp([failed('CLIENT_SILENT', late)])

  await queue.start(target, [part(0), part(1)])
  expect(queue.state).toMatchObject({ phase: 'paused', sent: 0, unknown: true })
  expect(outbox.report).not.toHaveBeenCalled()
  speak({ status: 'ok' })
  await vi.waitFor(() => expect(queue.state.sent).toBe(1))
  await queue.resume()

  expect(outbox.report).toHaveBeenCalledWith('s1', { status: 'client_ok' })
  expect(host.send).toHaveBeenCalledTimes(2)
  expect(queue.state.phase).toBe('done')
})

test('a message nobody knows about is sent again only when the guide says that it is not there', async () => {
  const { queue, outbox, host } = setUp([failed('CLIENT_SILENT', new Promise(() => undefined))])

  await queue.start(target, [part(0)])
  queue.confirmSent()
  queue.confirmSent()

  expect(queue.state).toMatchObject({ phase: 'done', sent: 1, unknown: false })
  expect(outbox.report.mock.calls).toEqual([['s1', { status: 'client_ok' }]])
  expect(host.send).toHaveBeenCalledTimes(1)
})

test('said to be missing, it goes out under the same record', async () => {
  const { queue, prepareSend, host } = setUp([failed('CLIENT_SILENT', new Promise(() => undefined))])

  await queue.start(target, [part(0)])
  await queue.resume()

  expect(prepareSend.mock.calls.map(([{ key }]) => key)).toEqual(['k1', 'k1'])
  expect(host.send).toHaveBeenCalledTimes(2)
  expect(queue.state.phase).toBe('done')
})

test('silence before anything was handed over is a plain failure: nothing is out', async () => {
  const { queue, outbox } = setUp([failed('CLIENT_SILENT')])

  await queue.start(target, [part(0)])

  expect(queue.state).toMatchObject({ phase: 'paused', untouched: true, unknown: false })
  expect(outbox.report).toHaveBeenCalledWith('s1', expect.objectContaining({ status: 'failed' }))
})

test('what the server says against it is shown before the client is asked; going on is the answer', async () => {
  const { queue, outbox, host, prepareSend } = setUp([], [], [['QUIET_HOURS'], ['QUIET_HOURS'], ['QUIET_HOURS']])

  await queue.start(target, [part(0), part(1)])
  const held = { ...queue.state, calls: host.send.mock.calls.length }
  await queue.resume()

  expect(held).toMatchObject({ phase: 'paused', warnings: ['QUIET_HOURS'], sent: 0, calls: 0 })
  expect(outbox.report).toHaveBeenCalledWith('s1', { status: 'cancelled', reason: 'QUIET_HOURS' })
  expect(prepareSend.mock.calls.map(([{ key }]) => key)).toEqual(['k1', 'k2', 'k3'])
  expect(queue.state).toMatchObject({ phase: 'done', sent: 2 })
})

test('what was on screen before the tap holds nothing back, and wishes go along', async () => {
  const { queue, host, prepareSend } = setUp([], [], [['DO_NOT_DISTURB_OVERRIDDEN']])
  const wishes = { override: true, overrideReason: '客户自己来问', tellWhenOpened: true }

  await queue.start(target, [part(0)], { ...wishes, seen: ['DO_NOT_DISTURB_OVERRIDDEN'] })

  expect(host.send).toHaveBeenCalledTimes(1)
  expect(prepareSend).toHaveBeenCalledWith({ ...target, key: 'k1', content: part(0), ...wishes })
})
