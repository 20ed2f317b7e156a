import { Agent, request } from 'node:http'

import { createRandom, toLatencies } from '../bench/figures.ts'
import { createSealer, toEventXml, type Credentials } from '../bench/packets.ts'

export type ForgerInput = { url: string; credentials: Credentials; count: number; seed: number; connections: number }
export type ForgerResult = {
  sent: number
  statuses: Record<string, number>
  byKind: Record<string, Record<string, number>>
  latency: ReturnType<typeof toLatencies>
  perSec: number
}

type Packet = { method?: string; query: string; body: string; path?: string }
const input = JSON.parse(process.argv[2] ?? '{}') as ForgerInput
const { credentials } = input
const random = createRandom(input.seed)
const sealer = createSealer(credentials)
const foreign = createSealer({ ...credentials, token: 'aForeignToken123' })
const otherKey = createSealer({ ...credentials, aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' })
const { hostname, port, pathname } = new URL(input.url)
const agent = new Agent({ keepAlive: true, maxSockets: input.connections })

const nowSec = () => Math.floor(Date.now() / 1_000)
const text = (length: number) => Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('')
const event = () =>
  toEventXml(credentials.corpId, { userId: text(8), externalUserId: `wm${text(20)}`, createdAt: nowSec() })
const swap = (value: string, from: string, to: string) => value.replace(from, to)
const signatureOf = (query: string) => new URLSearchParams(query).get('msg_signature') ?? ''
const good = () => sealer.seal(event())
const body = (encrypt: string) => `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`

/** A packet that is right but for one thing. */
const kinds: Record<string, () => Packet> = {
  'no signature': () => ({ ...good(), query: `timestamp=${nowSec()}&nonce=${text(6)}` }),
  'wrong signature': () => {
    const packet = good()
    return { ...packet, query: swap(packet.query, signatureOf(packet.query), text(40).replaceAll(/[g-z]/g, 'a')) }
  },
  'upper-case hex': () => {
    const packet = good()
    const signature = signatureOf(packet.query)
    return { ...packet, query: swap(packet.query, signature, `${signature.slice(0, -1).toUpperCase()}A`) }
  },
  'short signature': () => {
    const packet = good()
    return { ...packet, query: swap(packet.query, signatureOf(packet.query), signatureOf(packet.query).slice(0, 39)) }
  },
  'signature as a list': () => {
    const packet = good()
    return { ...packet, query: `${packet.query}&msg_signature=${signatureOf(packet.query)}` }
  },
  "another corp's token": () => foreign.seal(event()),
  'body without Encrypt': () => ({ ...good(), body: '<xml><ToUserName>x</ToUserName></xml>' }),
  'another ciphertext': () => ({ ...good(), body: body(sealer.crypto.encrypt(event())) }),
  'time moved': () => {
    const packet = good()
    return { ...packet, query: packet.query.replace(/timestamp=\d+/, `timestamp=${nowSec() - 60}`) }
  },
  'old packet': () => sealer.seal(event(), nowSec() - 3_600),
  'wrong receiver': () => sealer.seal(event(), nowSec(), 'ww0000000000000000'),
  'receiver in capitals': () => sealer.seal(event(), nowSec(), credentials.corpId.toUpperCase()),
  'empty receiver': () => sealer.seal(event(), nowSec(), ''),
  'wrong key': () => otherKey.seal(event()),
  'another corp inside': () => sealer.seal(event().replace(credentials.corpId, 'ww0000000000000000')),
  'another address': () => ({ ...good(), path: '/wecom/callback/ww0000000000000000' }),
  'plain event': () => ({ ...good(), body: event() }),
  'decoder through the check': () => {
    const { query, packet } = good()
    return { method: 'GET', query: `${query}&echostr=${encodeURIComponent(packet.encrypt)}`, body: '' }
  },
}

function send({ method = 'POST', query, body: content, path = pathname }: Packet): Promise<number> {
  return new Promise((resolve) => {
    const call = request(
      {
        agent,
        hostname,
        port,
        method,
        path: `${path}?${query}`,
        headers: { 'content-type': 'text/xml' },
        timeout: 10_000,
      },
      (response) => {
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.resume()
      },
    )
    call.on('error', () => resolve(0)).on('timeout', () => call.destroy())
    call.end(content)
  })
}

const names = Object.keys(kinds)
// Made before, so that only the server's work is measured.
const made = Array.from({ length: input.count }, (_, index) => {
  const kind = names[index % names.length] ?? ''
  return { kind, packet: kinds[kind]!() }
})
const result: ForgerResult = { sent: 0, statuses: {}, byKind: {}, latency: toLatencies([]), perSec: 0 }
const times: number[] = []
const startedAt = performance.now()
await Promise.all(
  Array.from({ length: input.connections }, async () => {
    for (let next = made[result.sent++]; next; next = made[result.sent++]) {
      const sentAt = performance.now()
      const status = await send(next.packet)
      times.push(performance.now() - sentAt)
      result.statuses[status] = (result.statuses[status] ?? 0) + 1
      const ofKind = (result.byKind[next.kind] ??= {})
      ofKind[status] = (ofKind[status] ?? 0) + 1
    }
  }),
)
agent.destroy()
result.sent = times.length
result.latency = toLatencies(times)
result.perSec = Math.round(times.length / ((performance.now() - startedAt) / 1_000))
console.log(`FORGER_DONE ${JSON.stringify(result)}`)
