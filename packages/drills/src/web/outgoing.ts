import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type AddressInfo } from 'node:net'
import type { Socket } from 'node:net'

import { toCsvCell } from '@guidebar/server/platform/csv'

import type { Stage } from '../access/stage.ts'
import { bySize, type DrillOptions, type PromiseResult } from '../drill.ts'
import { formulaCells } from './corpus.ts'
import { judge, spread } from './judge.ts'

/** A12: what a table program would run. */
export function csvCells(): PromiseResult {
  const wrong = formulaCells.filter((cell) => {
    const written = toCsvCell(cell)
    const read = /^".*"$/s.test(written) ? written.slice(1, -1).replaceAll('""', '"') : written
    return !read.startsWith("'")
  })
  const names = wrong.map((cell) => JSON.stringify(cell))
  return judge('A12', 'no cell of an export is a formula', names, formulaCells.length, 'cells')
}

/** Ways to write an address inside the house, or of the machine itself. @param port of a program that only counts */
function innerAddresses(port: number): string[] {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.000.000.001',
    '0x7f.1',
    '0x7f000001',
    '0x7F.0x0.0x0.0x1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '127。0。0。1',
    '①②⑦.0.0.1',
    '127.127.127.127',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'ⓛocalhost',
    'foo.localhost',
    'localtest.me',
    '127.0.0.1.nip.io',
  ]
  const elsewhere = [
    '169.254.169.254/latest/meta-data/',
    '[fd00:ec2::254]/latest/',
    '100.100.100.200/latest/meta-data/',
    'metadata.google.internal/',
    '10.0.0.1/',
    '172.16.0.1/',
    '192.168.0.1/',
    '[fe80::1]/',
    '[fc00::1]/',
    '224.0.0.1/',
    '255.255.255.255/',
    '198.18.0.1/',
  ]
  return [
    ...hosts.flatMap((host) => [`https://${host}:${port}/`, `http://${host}:${port}/x.png`]),
    ...elsewhere.map((host) => `https://${host}`),
    `https://user:secret@127.0.0.1:${port}/`,
    `https://shop.example@127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}#@shop.example/`,
    `https://127.0.0.1:${port}\\@shop.example/`,
    `https://shop.example:${port}@localhost:${port}/`,
    `https:127.0.0.1:${port}/`,
    `https:\\\\127.0.0.1:${port}/`,
    `https://127.0.0.1%00.shop.example:${port}/`,
    'https://127.0.0.1:22/',
    'https://127.0.0.1:27017/',
  ]
}

/**
 * A13: addresses that people may write down anywhere, and what this process connects to while they are saved, checked,
 * published, sent and opened. Nothing here fetches what somebody wrote, and that is how it has to stay.
 */
export async function outgoing(
  { world, follower, customer }: Stage,
  { size, seed }: DrillOptions,
): Promise<PromiseResult> {
  let reached = 0
  const canary = createServer((socket) => {
    reached++
    socket.destroy()
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  const { port } = canary.address() as AddressInfo
  const own = new Set([new URL(world.origin).port, new URL(world.config.wecom.apiUrl).port])
  const tried = new Set<string>()
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.on('connectionAttempt', (ip: string, to: number | undefined) => {
      // The database is reached by a file of this machine, without a port.
      if (to !== undefined && !(ip === '127.0.0.1' && own.has(String(to)))) tried.add(`${ip}:${to}`)
    })
    socket.on('lookup', (_error: unknown, _address: unknown, _family: unknown, host: string) => {
      if (!['127.0.0.1', 'localhost'].includes(host)) tried.add(host)
    })
  }
  subscribe('net.client.socket', watch)
  const addresses = spread(innerAddresses(port), bySize(size, { long: 100, short: 100, test: 12 }), seed)
  let taken = 0
  try {
    const admin = await world.signInFresh('admin', 'TestAdmin')
    const guide = await world.browserOf(follower)
    const shop = await world.asShop()
    const ask = async (call: Promise<{ statusCode: number; body: Saved }>) => {
      const { statusCode, body } = await call
      if (statusCode < 300) taken++
      return statusCode < 300 ? body : null
    }
    const publish = async (kind: string, content: object) => {
      await ask(admin.post(`/content/${kind}/check`, { content }))
      const saved = await ask(admin.post(`/content/${kind}`, { content, expiresOn: null }))
      if (saved?.row)
        await ask(admin.post(`/content/${kind}/${saved.row.id}/steps`, { step: 'publish', edit: saved.edit }))
    }
    for (const [at, address] of addresses.entries()) {
      const title = `地址${at}`
      const link = { type: 'link', title, description: '', url: address, imageUrl: address }
      await publish('articles', { folder: '', title, description: '', url: address, coverUrl: address })
      await publish('replies', { folder: '', title, shortcut: '', parts: [link] })
      await publish('cards', { ...aCard, title, coverUrl: address, pathTemplate: address })
      await ask(guide.post('/quick-replies', { folder: '', title, shortcut: '', parts: [link] }))
      const preferences = [address.slice(0, 30)]
      await ask(
        shop.put(`/customers/${customer.externalUserId}/profile`, { asOf: new Date().toISOString(), preferences }),
      )
    }
    await world.wecom.load({ customers: [{ ...customer, avatar: addresses[0] }] })
    await world.services.relations.refresh({ corpId: world.corpId, externalUserId: customer.externalUserId })
    await sendAll(world, guide, customer.externalUserId)
    await world.services.jobs.drain()
    await world.services.doctor.examine({})
  } finally {
    unsubscribe('net.client.socket', watch)
    await new Promise((resolve) => canary.close(resolve))
  }
  const wrong = [...(reached > 0 ? [`${reached} connections`] : []), ...tried]
  return judge(
    'A13',
    `${addresses.length} forms of inner addresses: nothing is connected to`,
    taken > 0 ? wrong : ['no address was taken in, so nothing was shown'],
    taken,
    'times an address was saved or used',
  )
}

type Saved = { row?: { id: string }; edit?: number }
const aCard = { folder: '', kind: 'product', coverAssetId: null, appId: 'wx0123456789abcdef', sku: '', priceFen: null }

/** Guides send what was published, and customers open it. */
async function sendAll(
  world: Stage['world'],
  guide: Awaited<ReturnType<Stage['world']['browserOf']>>,
  externalUserId: string,
) {
  const { body } = await guide.get('/articles')
  for (const [at, article] of ((body?.articles ?? []) as { id: string }[]).entries()) {
    const content = { type: 'article', articleId: article.id }
    const prepared = await guide.post('/sends', { key: `inner-address-${at}`, externalUserId, content })
    const [token] = /\/r\/[A-Za-z0-9_-]{16}/.exec(prepared.text) ?? []
    if (token) await world.newBrowser().get(token)
  }
}
