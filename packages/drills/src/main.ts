import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { DrillResult } from './drill.ts'
import { drills } from './drills.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    long: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
})
const [name = ''] = positionals
const names = name === 'all' ? Object.keys(drills) : [name]
const seed = Number(values.seed)
if (!names.every((one) => Object.hasOwn(drills, one)) || !Number.isInteger(seed) || seed < 0) {
  console.error(
    `Name a drill: npm run drill -- ${Object.keys(drills).join(' | ')} | all [--long] [--seed N] [--json FILE]`,
  )
  process.exit(2)
}

const reports: object[] = []
let broken = false
for (const one of names) {
  const load = loadavg()[0] ?? 0
  const startedAt = Date.now()
  console.log(`\nDrill ${one}, seed ${seed}, load ${load.toFixed(1)}`)
  const result = await perform(one)
  const seconds = Math.round((Date.now() - startedAt) / 1_000)
  print(result, seconds)
  broken ||= result.promises.some((promise) => !promise.held)
  reports.push({ drill: one, seed, long: values.long, load, seconds, ...result })
}

if (values.json) {
  mkdirSync(path.dirname(path.resolve(values.json)), { recursive: true })
  writeFileSync(values.json, `${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`)
}
process.exit(broken ? 1 : 0)

async function perform(one: string): Promise<DrillResult> {
  const { run } = await drills[one]!()
  try {
    return await run({ size: values.long ? 'long' : 'short', seed, say: (line) => console.log(`  ${line}`) })
  } catch (error) {
    // A drill that breaks off has shown nothing, and must not look as if it had.
    console.error(error)
    const got = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed'
    return { promises: [{ id: one, want: 'the drill runs to its end', got, held: false }] }
  }
}

function print({ promises, skipped }: DrillResult, seconds: number): void {
  if (skipped) return console.log(`  skipped: ${skipped}`)
  const width = Math.max(...promises.map((promise) => promise.want.length))
  for (const { id, want, got, held } of promises)
    console.log(`  ${id.padEnd(4)} ${want.padEnd(width)}  ${held ? 'held  ' : 'BROKEN'}  ${got}`)
  console.log(`  ${seconds} s, load ${loadavg()[0]?.toFixed(1)}`)
}
