import type { Bench } from './bench.ts'
import type { CallerInput, CallerOrder, CallerReport } from './caller.main.ts'
import type { Part } from './part.ts'

export type Caller = { part: Part; order(order: CallerOrder): Promise<CallerReport> }

/** Processes that call WeCom as servers do: own client each, one database. */
export async function startCallers(bench: Bench, count: number, { limited = false } = {}): Promise<Caller[]> {
  const { mongoUri, credentials } = bench
  const input: CallerInput = { mongoUri, credentials, limited }
  const callers = Array.from({ length: count }, (): Caller => {
    const part = bench.startPart('bench/caller.main.ts', input)
    let number = 0
    return {
      part,
      async order(order) {
        number += 1
        part.say(JSON.stringify({ ...order, number }))
        return JSON.parse(await part.lineWith(`CALLER_DONE_${number} `)) as CallerReport
      },
    }
  })
  await Promise.all(callers.map(({ part }) => part.lineWith('CALLER_READY')))
  return callers
}

export async function endCallers(callers: Caller[]): Promise<void> {
  await Promise.all(
    callers.map(({ part }) => {
      part.kill('SIGKILL')
      return part.exited
    }),
  )
}

/** How often WeCom was called at this path. */
export async function callsOf({ wecom }: Bench, path: string): Promise<number> {
  return Object.entries(await wecom.callCounts())
    .filter(([name]) => name.replace(/^\/?(cgi-bin\/)?/, '') === path)
    .reduce((sum, [, count]) => sum + count, 0)
}
