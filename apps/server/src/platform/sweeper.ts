import type { FastifyInstance } from 'fastify'

const sweepEveryMs = 10 * 60_000

/** Removes what has ended, now and then, until the app closes. Safe in several processes at once. */
export function startSweeper(app: FastifyInstance, sweeps: (() => Promise<unknown>)[]): void {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = Promise.allSettled(sweeps.map((sweep) => sweep())).then((results) => {
      for (const result of results)
        if (result.status === 'rejected') app.log.warn({ err: result.reason }, 'sweep failed')
    })
  }, sweepEveryMs)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await running
  })
}
