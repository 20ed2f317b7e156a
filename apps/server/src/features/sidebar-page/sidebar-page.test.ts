import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { test, type World } from '@guidebar/testkit'
import { expect } from 'vitest'

import { prepareSidebarHtml } from './sidebar-html.ts'

const bootOf = (html: string) =>
  JSON.parse(/<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as never

/** Asks the emulated client whether it would take these signatures for this page. */
async function verify(world: World, url: string, { corp, agent }: { corp: Signature; agent: Signature }) {
  const { corpId } = world
  const { agentId } = world.corp
  return [
    await world.wecom.verifyJsSignature({ url, corpId, kind: 'config', ...corp }),
    await world.wecom.verifyJsSignature({ url, corpId, agentId, kind: 'agentConfig', ...agent }),
  ]
}
type Signature = { timestamp: number; nonceStr: string; signature: string }

test('the page carries who the guide is and signatures for exactly its own address', async ({ world }) => {
  const guide = await world.addGuide({ name: '小美' })
  const path = '/sidebar/?from=toolbar&x=%E4%BD%A0'

  const response = await world.as(guide).get(path)

  const boot = bootOf(response.text) as {
    guide: object
    sessionRef: string
    signatures: { url: string; corp: Signature; agent: Signature }
  }
  expect(response.statusCode).toBe(200)
  expect(boot).toMatchObject({ corpId: world.corpId, agentId: world.corp.agentId, brand: '测试门店' })
  expect(boot.guide).toEqual({ userId: guide.userId, name: '小美', storeId: '2', storeName: '天河店' })
  expect(boot.signatures.url).toBe(world.origin + path)
  expect(await verify(world, world.origin + path, boot.signatures)).toEqual([{ ok: true }, { ok: true }])
  expect(response.headers.get('cache-control')).toBe('private, max-age=600')
  expect(response.headers.get('vary')).toContain('Cookie')
})

test("the page's policy allows its own inline blocks by hash and nothing else", async ({ world }) => {
  const response = await world.as(await world.addGuide()).get('/sidebar/')

  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='(;|$)/)
  expect(policy).toMatch(/style-src 'self' 'sha256-[A-Za-z0-9+/]{43}='(;|$)/)
  expect(policy).not.toContain('unsafe')
})

test('a hostile name stays text', () => {
  const render = prepareSidebarHtml('<html><head><script>start()</script></head></html>')

  const html = render({ guide: { name: '</script><script>alert(1)</script><!--' } } as never)

  expect(html.match(/<script/g)).toHaveLength(2)
  expect(html.indexOf('id="boot"')).toBeLessThan(html.indexOf('start()'))
  expect((bootOf(html) as { guide: { name: string } }).guide.name).toBe('</script><script>alert(1)</script><!--')
})

test('while WeCom is away the page still comes, without signatures, and is not kept', async ({ world }) => {
  const guide = await world.addGuide()
  await world.as(guide).get('/tag-groups')
  await world.wecom.changeSettings({ outage: 'status500' })

  const response = await world.as(guide).get('/sidebar/')

  expect([response.statusCode, (bootOf(response.text) as { signatures: unknown }).signatures]).toEqual([200, null])
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('the tickets never leave the server', async ({ world }) => {
  const guide = await world.addGuide()
  const [corpTicket, agentTicket] = [await world.corp.wecom.tickets.corp(), await world.corp.wecom.tickets.agent()]

  const page = await world.as(guide).get('/sidebar/')
  const answer = await world.as(guide).post('/js-signatures', { url: `${world.origin}/sidebar/` })

  for (const ticket of [corpTicket, agentTicket])
    expect(page.text + answer.text + world.log.join('')).not.toContain(ticket)
})

test('a later address of ours is signed, its fragment left out', async ({ world }) => {
  const guide = await world.addGuide()

  const response = await world.as(guide).post('/js-signatures', { url: `${world.origin}/sidebar/?a=1#/replies` })

  expect(response.body.url).toBe(`${world.origin}/sidebar/?a=1`)
  expect(await verify(world, response.body.url, response.body)).toEqual([{ ok: true }, { ok: true }])
})

test('no address but ours is signed', async ({ world }) => {
  const guide = await world.addGuide()
  const { host, port } = new URL(world.origin)
  const foreign = [
    'https://evil.example/',
    'http://evil.example/sidebar/',
    `https://${host}/`,
    `http://${host}.evil.example/`,
    `http://${host}@evil.example/`,
    `http://user@${host}/`,
    `http://user:pass@${host}/`,
    `http://127.0.0.1/`,
    `http://127.0.0.1:1/`,
    `http://127.0.0.1:${port}1/`,
    `http://localhost:${port}/`,
    `http://[::1]:${port}/`,
    `http://127.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0x7f.1:${port}/`,
    `HTTP://${host}/`,
    `//${host}/`,
    `${host}/sidebar/`,
    `/sidebar/`,
    `http:/${host}/`,
    `http:${host}/`,
    `http:\\\\${host}\\`,
    `http://${host}\\@evil.example/`,
    `http://evil.example/${world.origin}/`,
    `http://evil.example?${world.origin}/`,
    `http://evil.example#${world.origin}/`,
    `javascript:alert(1)//${host}/`,
    `data:text/html,${host}`,
    `file:///${host}/`,
    `ftp://${host}/`,
    ` ${world.origin}/`,
    `\t${world.origin}/`,
    `${world.origin}/ x`,
    `${world.origin}/\n`,
    `${world.origin}/\u0000`,
    `${world.origin}\u2024evil.example/`,
    `${world.origin}.evil.example/`,
    `${world.origin}@evil.example/`,
    `${world.origin}:80@evil.example/`,
    `${world.origin}/\\..\\evil`,
    `http://１27.0.0.1:${port}/`,
    world.origin,
  ]

  const signed: string[] = []
  for (const url of foreign) {
    const response = await world.as(guide).post('/js-signatures', { url })
    if (response.statusCode !== 422 || response.body.error.code !== 'URL_NOT_OURS')
      signed.push(`${url}: ${response.statusCode}`)
  }

  // Eight characters is the least that the contract takes.
  expect(signed.filter((line) => !line.endsWith(': 400'))).toEqual([])
  expect(foreign.length).toBeGreaterThanOrEqual(40)
})

test('files with hashed names are kept for good, others are not there', async ({ world }) => {
  const browser = world.newBrowser()

  const file = await browser.get('/sidebar/assets/panel-4f9c2a10.js')
  const icon = await browser.get('/sidebar/icon.svg')
  const missing = await browser.get('/sidebar/assets/panel-00000000.js')
  const outside = await browser.get('/sidebar/assets/..%2f..%2fworld.ts')

  expect([file.statusCode, file.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(file.headers.get('content-type')).toContain('javascript')
  expect([icon.statusCode, icon.headers.get('cache-control')]).toEqual([200, 'public, max-age=86400'])
  expect([missing.statusCode, missing.headers.get('cache-control')]).toEqual([404, 'no-store'])
  expect(outside.statusCode).toBe(400)
})

test('what is long travels compressed', async ({ world }) => {
  const fetchAs = (encoding: string) =>
    world.app.inject({ url: '/reference/json', headers: { 'accept-encoding': encoding } })

  const [brotli, gzip] = [await fetchAs('br'), await fetchAs('gzip')]

  expect([brotli.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip'])
  expect(brotliDecompressSync(brotli.rawPayload)).toEqual(gunzipSync(gzip.rawPayload))
})

test('the admin panel answers at every address of its own', async ({ world }) => {
  const browser = world.newBrowser()

  const pages = [await browser.get('/admin/'), await browser.get('/admin/customers/7')]
  const [bare, file] = [await browser.get('/admin'), await browser.get('/admin/missing.js')]

  expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 200])
  expect([bare.statusCode, bare.headers.get('location')]).toEqual([302, '/admin/'])
  expect(file.statusCode).toBe(404)
})
