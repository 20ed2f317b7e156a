import { Agent, request } from 'node:http'

export type Answer = { status: number; body: string; ms: number }

/** Plain HTTP over kept connections: what measures must not take the processor from what is measured. */
export function createCaller(origin: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    call(path: string, { cookie, body }: { cookie: string; body?: unknown }): Promise<Answer> {
      const began = performance.now()
      const payload = body === undefined ? undefined : JSON.stringify(body)
      return new Promise((resolve, reject) => {
        const sent = request(
          `${origin}${path}`,
          {
            agent,
            method: payload === undefined ? 'GET' : 'POST',
            headers: {
              cookie,
              origin,
              'sec-fetch-site': 'same-origin',
              ...(payload !== undefined && { 'content-type': 'application/json' }),
            },
          },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('error', reject)
            response.on('end', () => {
              const answer = { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }
              resolve({ ...answer, ms: performance.now() - began })
            })
          },
        )
        sent.on('error', reject)
        sent.end(payload)
      })
    },
    close: () => agent.destroy(),
  }
}

/** Does a thing over and over, so many at a time, for so long. @returns how often a second, and how long each took */
export async function drive(
  work: (turn: number) => Promise<unknown>,
  { width, seconds }: { width: number; seconds: number },
): Promise<{ perSecond: number; ms: number[] }> {
  const ms: number[] = []
  const began = performance.now()
  const ends = began + seconds * 1_000
  let turn = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (performance.now() < ends) {
        const from = performance.now()
        await work(turn++)
        ms.push(performance.now() - from)
      }
    }),
  )
  return { perSecond: ms.length / ((performance.now() - began) / 1_000), ms }
}
