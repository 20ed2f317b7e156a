// Types, lint, format, unused code and wrong arrows: every finding of every tool in one run, then one verdict.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'

const node = 'node'
const checks = [
  ['types (server, packages)', node, ['node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.json']],
  ...['apps/sidebar', 'apps/admin', 'packages/ui', 'packages/chat-simulator'].map((room) => [
    `types (${room})`,
    node,
    ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', `${room}/tsconfig.json`],
  ]),
  ['lint', node, ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.']],
  ['lint (.vue)', node, ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', ...vueFiles()]],
  ['format', node, ['node_modules/oxfmt/bin/oxfmt', '--check', '.']],
  ['unused code and dependencies', node, ['node_modules/knip/bin/knip.js', '--no-progress']],
  ['arrows between rooms', node, ['scripts/check-arrows.mjs']],
]

// Two at a time: the machines this runs on have two cores.
const failed = []
const queue = [...checks]
await Promise.all(
  [0, 1].map(async () => {
    for (let check = queue.shift(); check; check = queue.shift()) await run(check)
  }),
)

if (failed.length > 0) {
  console.error(`\nNot clean: ${failed.join(', ')}`)
  process.exit(1)
}
console.log('\nAll checks are clean.')

async function run([name, command, args]) {
  const started = Date.now()
  const { code, output } = await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => resolve({ code, output }))
  })
  const time = `${((Date.now() - started) / 1000).toFixed(1)} s`
  if (code === 0) return console.log(`ok    ${name} (${time})`)
  failed.push(name)
  console.log(`FAIL  ${name} (${time})\n${output}`)
}

function vueFiles() {
  return globSync('{apps,packages}/*/src/**/*.vue')
}
