import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { createWecomEmulator, type WecomEmulator } from '@guidebar/wecom-emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import type { ChatMessage, ClientView, ShopPage } from '../api-contract.ts'
import { type ChatSimulator, createChatSimulator } from './chat-simulator.ts'

const html = '<!doctype html><html><head><title>面板</title></head><body></body></html>'
const tag = '<script src="/__sim/bridge.js"></script>'
const card = {
  type: 'card',
  appId: 'wxlinked',
  title: '新机 ¥5,999',
  imageUrl: 'https://shop.test/a.png',
  page: 'pages/goods/detail.html?sku=A16&t=token-1234567890',
} as const

type Received = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
let received: Received[]
let product: Server
let emulator: WecomEmulator
let simulator: ChatSimulator
let answer: (request: Received, response: ServerResponse) => void
const customer = 'wmA'.padEnd(32, '0')

beforeAll(async () => {
  product = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() }
      received.push(entry)
      answer(entry, response)
    })
  })
  await new Promise<void>((resolve) => product.listen(0, '127.0.0.1', resolve))
  emulator = await createWecomEmulator({
    settings: {
      corp: { corpId: 'wwcorp', name: '手机连锁' },
      agent: { agentId: 1000002 },
      linkedMiniPrograms: ['wxlinked'],
    },
  })
  await emulator.control.load({
    departments: [{ id: 2, name: '店', parentId: 1 }],
    members: [
      { userId: 'lina', name: '李娜', departmentIds: [2] },
      { userId: 'wang', name: '王强', departmentIds: [2] },
    ],
    customers: [{ externalUserId: customer, name: '陈晨' }],
    relations: [{ userId: 'lina', externalUserId: customer }],
  })
  const productUrl = `http://127.0.0.1:${(product.address() as AddressInfo).port}`
  simulator = await createChatSimulator({
    port: 0,
    productUrl,
    emulatorUrl: emulator.url,
    corpId: 'wwcorp',
    agentId: 1000002,
    shop: {
      orderIntakeUrl: productUrl,
      apiKey: 'secret-key',
      products: [{ sku: 'A16', name: '新款手机', priceFen: 599900 }],
    },
    miniPrograms: [{ appId: 'wxlinked', name: '手机商城' }],
  })
})
afterAll(async () => {
  await simulator.close()
  await emulator.close()
  product.close()
})
beforeEach(() => {
  received = []
  answer = (_request, response) => response.writeHead(404).end()
})

const request = (path: string, init: RequestInit = {}) => fetch(simulator.url + path, { redirect: 'manual', ...init })
const asFrame = { 'sec-fetch-dest': 'iframe' }
const post = (path: string, body: object, cookie = 'wecom_client_user=lina') =>
  request(`/__sim/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
const send = async (content: object, clientId: string = crypto.randomUUID()) =>
  (await (
    await post(`conversations/customer~lina~${customer}/messages`, { clientId, from: 'guide', content })
  ).json()) as ChatMessage

describe('the product behind the simulator', () => {
  test('gets requests as the browser made them, with the simulator as its public host', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')

    const response = await request('/api/sidebar/sends?x=1', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: simulator.url, cookie: 'a=1; b=2' },
      body: '{"好":1}',
    })

    expect(await response.json()).toEqual({ a: 1 })
    expect(received[0]).toMatchObject({ method: 'POST', url: '/api/sidebar/sends?x=1', body: '{"好":1}' })
    expect(received[0]?.headers).toMatchObject({
      host: new URL(simulator.url).host,
      origin: simulator.url,
      cookie: 'a=1; b=2',
    })
  })

  test('answers with its own redirects, cookies, caching and failures', async () => {
    answer = (_request, response) =>
      response
        .writeHead(302, {
          location: 'http://wecom.test/authorize?x=1#wechat_redirect',
          'set-cookie': ['__Host-a=1; Path=/; Secure; HttpOnly', 'b=2; Path=/'],
          'cache-control': 'no-store',
        })
        .end()
    const redirect = await request('/sidebar/', { headers: asFrame })
    expect(redirect.status).toBe(302)
    expect(redirect.headers.get('location')).toBe('http://wecom.test/authorize?x=1#wechat_redirect')
    expect(redirect.headers.getSetCookie()).toEqual(['__Host-a=1; Path=/; Secure; HttpOnly', 'b=2; Path=/'])
    expect(redirect.headers.get('cache-control')).toBe('no-store')

    answer = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end('busy')
    received = []
    expect((await request('/api/x')).status).toBe(503)
    expect(received).toHaveLength(1)
  })

  test('has the bridge put first into a framed panel, and nowhere else', async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-length': Buffer.byteLength(html),
          'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
          'x-frame-options': 'DENY',
        })
        .end(html)

    const framed = await request('/sidebar/', { headers: asFrame })
    const plain = await request('/sidebar/')
    const other = await request('/admin/', { headers: asFrame })

    expect(await framed.text()).toBe(html.replace('<head>', `<head>${tag}`))
    expect(framed.headers.get('content-security-policy')).toBe("default-src 'self'; frame-ancestors 'self'")
    expect(framed.headers.get('x-frame-options')).toBeNull()
    for (const untouched of [plain, other]) {
      expect(await untouched.text()).toBe(html)
      expect(untouched.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(untouched.headers.get('x-frame-options')).toBe('DENY')
    }
  })

  test('may answer the frame compressed, or with 304', async () => {
    answer = (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip', etag: '"1"' })
        .end(gzipSync(html))
    const framed = await request('/sidebar/', { headers: asFrame })
    expect(await framed.text()).toContain(tag)
    expect(framed.headers.get('content-encoding')).toBeNull()
    expect(framed.headers.get('etag')).toBe('"1"')

    answer = (_request, response) =>
      response.writeHead(304, { 'content-security-policy': "frame-ancestors 'none'" }).end()
    const unchanged = await request('/sidebar/', { headers: { ...asFrame, 'if-none-match': '"1"' } })
    expect(unchanged.status).toBe(304)
    expect(unchanged.headers.get('content-security-policy')).toBe("frame-ancestors 'self'")
  })

  test('never sees what belongs to the simulator', async () => {
    expect((await request('/__sim/bridge.js')).headers.get('content-type')).toContain('text/javascript')
    expect((await request('/__sim/nothing', { method: 'POST' })).status).toBe(404)
    expect((await request('/__sim/api/nothing')).status).toBe(404)
    expect(received).toEqual([])
  })
})

describe('the client', () => {
  test('signs in as a guide and forgets the panel of the guide before', async () => {
    const response = await post('sign-in', { userId: 'wang' })

    expect(response.status).toBe(204)
    const cookies = response.headers.getSetCookie()
    expect(cookies[0]).toBe('wecom_client_user=wang; Path=/; HttpOnly; SameSite=Lax')
    expect(cookies[1]).toMatch(/^__Host-guidebar-guide=; .*Max-Age=0/)
    expect((await post('sign-in', { userId: 'lina' })).headers.getSetCookie()).toHaveLength(1)
    expect((await post('sign-in', { userId: 'nobody' })).status).toBe(404)
  })

  test('shows the guide’s own customers only', async () => {
    const view = async (cookie: string) =>
      (await (await request('/__sim/api/view', { headers: { cookie } })).json()) as ClientView

    expect((await view('wecom_client_user=lina')).customers).toMatchObject([
      { externalUserId: customer, name: '陈晨', gone: false },
    ])
    expect((await view('wecom_client_user=wang')).customers).toEqual([])
    expect(await view('')).toMatchObject({
      userId: null,
      customers: [],
      guides: [{ userId: 'lina' }, { userId: 'wang' }],
    })
  })

  test('keeps a message once, however often it is sent, under its own id', async () => {
    const first = await send({ type: 'text', text: '您好' }, 'client-1')
    const again = await send({ type: 'text', text: '您好' }, 'client-1')
    const second = await send({ type: 'text', text: '您好' }, 'client-2')

    expect(again).toEqual(first)
    expect(second.id).not.toBe(first.id)
    const list = (await (
      await request(`/__sim/api/conversations/customer~lina~${customer}/messages`, {
        headers: { cookie: 'wecom_client_user=lina' },
      })
    ).json()) as ChatMessage[]
    expect(list.map(({ id }) => id)).toEqual([...new Set(list.map(({ id }) => id))])
    expect(list[0]).toMatchObject({ from: 'notice', content: { text: '你已添加了陈晨，现在可以开始聊天了。' } })
  })

  test('does not open another guide’s chat', async () => {
    const response = await post(
      `conversations/customer~lina~${customer}/messages`,
      { clientId: 'c', from: 'guide', content: { type: 'text', text: 'x' } },
      'wecom_client_user=wang',
    )
    expect(response.status).toBe(404)
  })

  test('lets the emulator judge signatures, media and mini programs', async () => {
    const verdict = await post('js-signature', {
      kind: 'agentConfig',
      url: 'http://x.test/',
      timestamp: 1_700_000_000,
      nonceStr: 'n',
      signature: 's',
      corpId: 'wwother',
      agentId: 1000002,
    })
    expect(await verdict.json()).toMatchObject({ ok: false, errcode: 40013 })
    expect(await (await request('/__sim/api/media-facts?id=none')).json()).toEqual({ type: null })
    expect(await (await request('/__sim/api/mini-programs')).json()).toEqual(['wxlinked'])
  })

  test('plays what a customer does, and the message of a deleted guide is refused', async () => {
    const added = (await (await post('customers', { name: '新客', state: 'qr-1' })).json()) as {
      externalUserId: string
    }
    expect(await emulator.control.relation('lina', added.externalUserId)).toMatchObject({
      state: 'qr-1',
      status: 'both',
    })

    expect((await post(`customers/${added.externalUserId}/remark`, { remark: '老同学' })).status).toBe(204)
    expect((await post(`customers/${added.externalUserId}/delete-guide`, {})).status).toBe(204)
    expect(await emulator.control.relation('lina', added.externalUserId)).toMatchObject({
      remark: '老同学',
      status: 'customerDeleted',
    })

    const refused = await post(`conversations/customer~lina~${added.externalUserId}/messages`, {
      clientId: 'c9',
      from: 'guide',
      content: { type: 'text', text: 'x' },
    })
    expect(await refused.json()).toMatchObject({ delivered: false })
  })
})

describe('the pretend shop', () => {
  test('reports an opened card and a purchase with the token of the path, and keeps the key to itself', async () => {
    const message = await send(card)
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"credited":true}')

    const opened = await post('shop/open', { messageId: message.id })
    const page = (await opened.json()) as ShopPage
    const bought = await post('shop/buy', { messageId: message.id, orderNo: 'SIM-00000001', amountFen: 599900 })

    expect(page).toMatchObject({
      programName: '手机商城',
      title: '新款手机',
      priceFen: 599900,
      found: true,
      hasToken: true,
      report: { state: 'accepted' },
      parameters: [
        { name: 'sku', value: 'A16' },
        { name: 't', value: 'token-1234567890' },
      ],
    })
    expect(await bought.json()).toEqual({ state: 'accepted', credited: true })
    expect(received.map(({ url }) => url)).toEqual(['/open/v1/card-opens', '/open/v1/orders'])
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer secret-key', 'idempotency-key': page.visitId })
    expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({
      orderNo: 'SIM-00000001',
      token: 'token-1234567890',
      amountFen: 599900,
      items: [{ sku: 'A16', name: '新款手机', quantity: 1, priceFen: 599900 }],
    })
    expect(JSON.stringify(page)).not.toContain('secret-key')
  })

  test('sends the same order again to the last byte, under the same key', async () => {
    const message = await send(card)
    const order = { messageId: message.id, orderNo: 'SIM-00000002', amountFen: 100 }

    await post('shop/buy', order)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await post('shop/buy', order)

    const orders = received.filter(({ url }) => url === '/open/v1/orders')
    expect(orders).toHaveLength(2)
    expect(orders[0]?.body).toBe(orders[1]?.body)
    expect(orders.map(({ headers }) => headers['idempotency-key'])).toEqual(['SIM-00000002', 'SIM-00000002'])
  })

  test('finds no page without .html and then reports nothing', async () => {
    const message = await send({ ...card, page: 'pages/goods/detail?t=token-1234567890' })

    const page = (await (await post('shop/open', { messageId: message.id })).json()) as ShopPage

    expect(page).toMatchObject({ found: false, report: { state: 'noToken' } })
    expect(received).toEqual([])
  })

  test('says when the intake refuses', async () => {
    const message = await send(card)
    answer = (_request, response) => response.writeHead(401).end('{"error":{"code":"API_KEY_INVALID"}}')

    const bought = await post('shop/buy', { messageId: message.id, orderNo: 'SIM-00000003', amountFen: 100 })

    expect(await bought.json()).toEqual({ state: 'refused', status: 401, code: 'API_KEY_INVALID' })
  })

  test('takes the price from the title when it does not know the product', async () => {
    const message = await send({ ...card, page: 'pages/a.html?t=token-1234567890' })

    const page = (await (await post('shop/open', { messageId: message.id })).json()) as ShopPage

    expect(page.priceFen).toBe(599900)
  })
})

test('refuses to start without the emulator of this corp', async () => {
  const options = {
    port: 0,
    productUrl: 'http://127.0.0.1:1',
    emulatorUrl: emulator.url,
    corpId: 'wwother',
    agentId: 1000002,
  }

  await expect(createChatSimulator(options)).rejects.toThrow('not wwother')
  await expect(createChatSimulator({ ...options, emulatorUrl: 'http://127.0.0.1:1' })).rejects.toThrow(
    'needs the WeCom emulator',
  )
})
