import path from 'node:path'
import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** Front door of the demo (simulator and product); the server and the emulator take the next two. 0: any free ports. */
  port: number
  customers: number
  seed: number
  /** Throw away what an earlier demo kept. */
  fresh: boolean
  dataDir: string
}

/** A wrong option; the message is one sentence for a person. */
export class OptionError extends Error {}

/** @throws OptionError naming the option and what it takes */
export function parseOptions(args: string[]): DemoOptions {
  const { values } = readArgs(args)
  return {
    port: whole('--port', values.port ?? '4600', 0, 65_000),
    customers: whole('--customers', values.customers ?? '500', 10, 1_000_000),
    seed: whole('--seed', values.seed ?? '1', 0, 1_000_000),
    fresh: values.fresh ?? false,
    dataDir: path.resolve(values['data-dir'] ?? path.join(import.meta.dirname, '../../../.data/demo')),
  }
}

function readArgs(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        customers: { type: 'string' },
        seed: { type: 'string' },
        fresh: { type: 'boolean' },
        'data-dir': { type: 'string' },
      },
    })
  } catch (error) {
    throw new OptionError(
      `${(error as Error).message} Options: --port N, --customers N, --seed N, --fresh, --data-dir FOLDER.`,
      { cause: error },
    )
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new OptionError(`${name} takes a whole number from ${min} to ${max}, not "${text}".`)
  return value
}
