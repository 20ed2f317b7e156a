import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the range from which the system takes ports for outgoing calls: one of those could take it before the server does.
const lowest = 10_240
const highest = 32_000

/** A port that is free at this moment: the server's own address has to be known before it is built. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
