import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createWecomClient, type WecomClientOptions } from './client.ts'
import { endpoints } from './endpoints.ts'
import { WecomUnavailable } from './errors.ts'
import { readJson } from './test-support/fixtures.ts'
import { startWecomServer } from './test-support/wecom-server.ts'
import { createMemoryTokenStore } from './token-store.ts'
import { createTransport } from './transport.ts'

const secret = 'S3cret-that-must-not-leak'
const goodToken = { errcode: 0, errmsg: 'ok', access_token: 'T0ken-that-must-not-leak', expires_in: 7200 }
const member = readJson('user_get.response.json')

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(answers: Parameters<typeof startWecomServer>[0]) {
  const server = await startWecomServer({ gettoken: [goodToken], ...answers })
  const client = clientOf(server.url)
  closing.push(server.close)
  return { server, client }
}

function clientOf(baseUrl: string, options: Partial<WecomClientOptions> = {}) {
  const client = createWecomClient({
    baseUrl,
    corpId: 'ww5f2a9c31d7be4608',
    agentId: 1000014,
    secret,
    tokenStore: createMemoryTokenStore(),
    ...options,
  })
  closing.unshift(() => client.close())
  return client
}

const failureOf = async (call: Promise<unknown>): Promise<WecomUnavailable> => {
  const error = await call.then(
    () => 'no failure',
    (caught: unknown) => caught,
  )
  if (!(error instanceof WecomUnavailable)) throw new Error('not a WecomUnavailable', { cause: error })
  return error
}

/** Everything an error shows, its cause and stack included. */
const shown = (error: Error) => `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`

const json = (body: unknown) => (response: ServerResponse) => void response.end(JSON.stringify(body))

const flood = (response: ServerResponse) => {
  const chunk = Buffer.alloc(1024 * 1024, 'a')
  let sent = 0
  response.on('error', () => undefined)
  const more = (): void => {
    while (sent < 60 && !response.destroyed) {
      sent += 1
      if (!response.write(chunk)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}

const broken: [string, WecomUnavailable['reason'], string | object | ((response: ServerResponse) => void)][] = [
  ['HTML', 'not-json', '<!doctype html><title>502</title>'],
  ['cut JSON', 'not-json', '{"errcode":0,"errmsg":"o'],
  ['an empty 200', 'not-json', ''],
  ['a JSON text', 'not-json', '"ok"'],
  ['a JSON null', 'not-json', 'null'],
  ['a JSON list', 'not-json', '[{"errcode":0}]'],
  ['an empty object', 'shape', {}],
  ['no fields', 'shape', { errcode: 0, errmsg: 'ok' }],
  ['errcode as text', 'shape', { ...member, errcode: '0' }],
  ['a refusal with errcode as text', 'shape', { errcode: '60111', errmsg: 'no' }],
  ['errcode as a fraction', 'shape', { ...member, errcode: 0.5 }],
  ['errcode null', 'shape', { ...member, errcode: null }],
  ['a wrong type', 'shape', { ...member, userid: 7 }],
  ['a list for a text', 'shape', { ...member, name: ['林小美'] }],
  ['a text for a list', 'shape', { ...member, department: '2,5' }],
  ['500', 'status', (response) => void response.writeHead(500).end('{"errcode":0}')],
  ['503', 'status', (response) => void response.writeHead(503).end()],
  ['404 without a body', 'status', (response) => void response.writeHead(404).end()],
  ['204', 'status', (response) => void response.writeHead(204).end()],
  ['302', 'redirect', (response) => void response.writeHead(302, { location: '/cgi-bin/user/list' }).end()],
  ['60 MB', 'too-large', flood],
  [
    'a promise of 60 MB',
    'too-large',
    (response) => void response.writeHead(200, { 'content-length': 60_000_000 }).write('x'.repeat(6_000_000)),
  ],
  ['a reset', 'socket', (response) => void response.socket?.resetAndDestroy()],
  [
    'a body that breaks off',
    'socket',
    (response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('{"errcode"')
      setTimeout(() => response.socket?.destroy(), 20)
    },
  ],
]

describe('broken answers', () => {
  test.each(broken)('%s is unavailable (%s), unknown, and keeps the secrets', async (_, reason, answer) => {
    const { client } = await start({ 'user/get': [answer] })

    const error = await failureOf(client.user.get('LinXiaoMei'))

    expect(error).toMatchObject({ reason, outcome: 'unknown', path: 'user/get' })
    expect(shown(error)).not.toMatch(/must-not-leak|access_token|corpsecret/)
  })

  test.each(broken)('%s from gettoken is as harmless', async (_, __, answer) => {
    const { client } = await start({ gettoken: [answer] })

    const error = await failureOf(client.user.get('LinXiaoMei'))

    expect(error.path).toBe('gettoken')
    expect(shown(error)).not.toMatch(/must-not-leak|access_token=|corpsecret/)
  })

  test('no endpoint takes HTML, an empty object or a list', async () => {
    const everywhere = (answer: string) =>
      Object.fromEntries(
        Object.values(endpoints).map(({ path }) => [path, path === 'gettoken' ? [goodToken] : [answer]]),
      )
    for (const answer of ['<html></html>', '{}', '[]']) {
      const { client } = await start(everywhere(answer))
      const calls = [
        client.auth.getUserInfo('c'),
        client.tickets.corp(),
        client.tickets.agent(),
        client.user.get('u'),
        client.user.list(1),
        client.user.simpleList(1),
        client.department.list(),
        client.department.simpleList(),
        client.agent.get(),
        client.callbacks.getIps(),
        client.message.send({ toUserIds: ['u'], message: { kind: 'text', content: 'x' } }),
        client.media.upload({ type: 'file', filename: 'a', bytes: new Uint8Array(6), contentType: 'text/plain' }),
        client.externalContact.getFollowUserList(),
        client.externalContact.list('u'),
        client.externalContact.get('wm'),
        client.externalContact.batchGetByUser({ userIds: ['u'] }),
        client.externalContact.remark({ userId: 'u', externalUserId: 'wm', remark: 'r' }),
        client.externalContact.getCorpTagList(),
        client.externalContact.addCorpTag({ groupName: 'g', tags: [{ name: 't' }] }),
        client.externalContact.editCorpTag({ id: 'et' }),
        client.externalContact.delCorpTag({ tagIds: ['et'] }),
        client.externalContact.markTag({ userId: 'u', externalUserId: 'wm', add: ['et'] }),
        client.groupChat.get('wr'),
      ]

      // One row of the table for each, less gettoken itself.
      expect(calls).toHaveLength(Object.keys(endpoints).length - 1)
      for (const call of await Promise.allSettled(calls)) {
        expect(call.status === 'rejected' && call.reason).toBeInstanceOf(WecomUnavailable)
      }
    }
  })

  test('unknown fields are no fault, and an answer may do without errcode', async () => {
    const { errcode, errmsg, ...bare } = member
    const { client } = await start({ 'user/get': [json({ ...bare, brand_new: { deep: [1] } })] })

    await expect(client.user.get('LinXiaoMei')).resolves.toMatchObject({ userId: 'LinXiaoMei' })
    expect([errcode, errmsg]).toEqual([0, 'ok'])
  })
})

describe('no answer', () => {
  test('a closed port: not sent', async () => {
    const { port } = await new Promise<AddressInfo>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address() as AddressInfo
        probe.close(() => resolve(address))
      })
    })

    const error = await failureOf(clientOf(`http://127.0.0.1:${port}`).user.get('LinXiaoMei'))

    expect(error).toMatchObject({ reason: 'connect', outcome: 'not-sent', path: 'gettoken' })
    expect(shown(error)).not.toMatch(/must-not-leak|corpsecret/)
  })

  test('callers who give up: aborted, and their connections do not pile up', async () => {
    const { server, client } = await start({ 'user/get': [() => undefined] })
    await failureOf(client.user.get('LinXiaoMei', { signal: AbortSignal.timeout(1_000) }))

    for (let call = 0; call < 15; call++) {
      const error = await failureOf(client.user.get('LinXiaoMei', { signal: AbortSignal.timeout(20) }))
      expect(error).toMatchObject({ reason: 'aborted', outcome: 'unknown' })
    }

    await expect.poll(server.connections).toBeLessThanOrEqual(3)
  })

  test('a caller who gives up while the token hangs: nothing is sent for that call', async () => {
    const { server, client } = await start({ gettoken: [() => undefined], 'user/get': [member] })

    const error = await failureOf(client.user.get('LinXiaoMei', { signal: AbortSignal.timeout(30) }))

    expect(error).toMatchObject({ reason: 'aborted', outcome: 'not-sent', path: 'user/get' })
    expect(server.callsOf('user/get')).toHaveLength(0)
  })

  test('a signal that fired already: nothing is sent', async () => {
    const { server, client } = await start({ 'user/get': [member] })

    const error = await failureOf(client.user.get('LinXiaoMei', { signal: AbortSignal.abort() }))

    expect(error).toMatchObject({ reason: 'aborted', outcome: 'not-sent' })
    expect(server.callsOf('user/get')).toHaveLength(0)
  })

  test.each([
    ['silence', () => undefined],
    [
      'one byte now and then',
      (response: ServerResponse) => {
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ])('%s: the whole call has an end', async (_, answer) => {
    const { server } = await start({ 'user/get': [answer] })
    const transport = createTransport({ baseUrl: server.url })
    closing.unshift(() => transport.close())

    const error = await failureOf(transport.send({ method: 'GET', path: 'user/get', query: {}, timeoutMs: 150 }))

    expect(error).toMatchObject({ reason: 'timeout', outcome: 'unknown' })
  })

  test('after many failures calls are not even tried, and other families go on', async () => {
    const { server, client } = await start({
      'user/get': [(response) => void response.writeHead(502).end()],
      'externalcontact/list': [readJson('externalcontact_list.response.json')],
    })

    for (let call = 0; call < 40; call++) await failureOf(client.user.get('LinXiaoMei'))
    const error = await failureOf(client.user.get('LinXiaoMei'))

    expect(error).toMatchObject({ reason: 'circuit-open', outcome: 'not-sent' })
    expect(server.callsOf('user/get').length).toBeLessThan(30)
    await expect(client.externalContact.list('LinXiaoMei')).resolves.toHaveLength(3)
  })

  test('after a thousand faults few sockets are open', async () => {
    const cut = (response: ServerResponse) => void response.socket?.resetAndDestroy()
    const stop = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 100 }).write('{')
      setTimeout(() => response.socket?.destroy(), 5)
    }
    const html = (response: ServerResponse) => void response.writeHead(502).end('<html></html>')
    const { server } = await start({ 'user/get': Array.from({ length: 1000 }, (_, n) => [cut, stop, html][n % 3]!) })
    const transport = createTransport({ baseUrl: server.url })
    closing.unshift(() => transport.close())
    const ask = () => failureOf(transport.send({ method: 'GET', path: 'user/get', query: {}, timeoutMs: 5_000 }))

    for (let call = 0; call < 1000; call += 100) await Promise.all(Array.from({ length: 100 }, ask))

    expect(await server.connections()).toBeLessThanOrEqual(64)
  })

  test('a thousand calls use a bounded number of connections', async () => {
    const { server } = await start({ 'user/get': [member] })
    const client = clientOf(server.url, { limiter: { admit: async () => ({ end: async () => undefined }) } })
    const lanes = ['interactive', 'background'] as const

    await Promise.all(
      Array.from({ length: 1000 }, (_, n) => client.user.get('LinXiaoMei', { lane: lanes[n % 2], budgetMs: 10_000 })),
    )

    expect(await server.connections()).toBeLessThanOrEqual(48)
  })
})
