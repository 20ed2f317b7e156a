import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { BenchResult } from './bench-result.ts'

const benches: Record<string, () => Promise<{ run: (args: string[]) => Promise<BenchResult> }>> = {
  admin: () => import('./admin/admin-bench.ts'),
  boot: () => import('./boot/boot-bench.ts'),
  search: () => import('./search/search-bench.ts'),
  sync: () => import('./sync/sync-bench.ts'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { json: { type: 'string' } },
})
const [name = ''] = positionals
const load = benches[name]
if (!load) {
  console.error(`Name a bench: npm run bench -- ${Object.keys(benches).join(' | ')} [--json FILE]`)
  process.exit(2)
}

const { run } = await load()
const loadBefore = loadavg()[0]
const { figures, bars } = await run(process.argv.slice(3))

console.log(JSON.stringify(figures, null, 2))
for (const { bar, got, held } of bars) console.log(`${held ? 'held  ' : 'MISSED'}  ${bar}: ${got}`)
console.log(`Load average before and after: ${loadBefore?.toFixed(1)}, ${loadavg()[0]?.toFixed(1)}`)

if (typeof values['json'] === 'string') {
  mkdirSync(path.dirname(path.resolve(values['json'])), { recursive: true })
  writeFileSync(values['json'], `${JSON.stringify(figures, null, 2)}\n`)
}
process.exit(bars.every((bar) => bar.held) ? 0 : 1)
