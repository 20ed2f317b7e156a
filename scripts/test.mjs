// Runs every test and closes with the one line that CI reads.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

const report = 'reports/tests.json'
mkdirSync('reports', { recursive: true })
rmSync(report, { force: true })

const run = spawnSync(
  'node',
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)

if (!existsSync(report)) {
  console.error('The test runner ended without a report; the lines above say why.')
  process.exit(1)
}
const {
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: todo,
} = JSON.parse(readFileSync(report, 'utf8'))
console.log(`Tests: ${passed} passed, ${failed} failed, ${pending + todo} skipped`)
process.exit(run.status === 0 && passed > 0 ? 0 : run.status || 1)
