// Which room may lean on which. A room can only import what its package.json names (pnpm sees to that), so the arrows
// between rooms are read there; the arrows inside the server are read from its imports.
import { globSync, readFileSync } from 'node:fs'

/** Every arrow that is allowed, at run time. Whatever is not written here is wrong. */
const mayUse = {
  'apps/server': ['contracts', 'mongo', 'pinyin-search', 'wecom'],
  'apps/sidebar': ['api-client', 'contracts', 'pinyin-search', 'ui'],
  'apps/admin': ['api-client', 'contracts', 'pinyin-search', 'ui'],
  'apps/demo': ['chat-simulator', 'contracts', 'mongo', 'server', 'wecom-emulator'],
  'packages/contracts': [],
  'packages/pinyin-search': [],
  'packages/api-client': ['contracts'],
  'packages/ui': [],
  'packages/wecom': [],
  'packages/wecom-emulator': ['wecom'],
  'packages/chat-simulator': ['ui', 'wecom-emulator'],
  'packages/mongo': [],
  'packages/testkit': ['contracts', 'mongo', 'server', 'wecom', 'wecom-emulator'],
  'packages/acceptance': [
    'api-client',
    'chat-simulator',
    'contracts',
    'demo',
    'mongo',
    'server',
    'testkit',
    'wecom-emulator',
  ],
  'packages/bench': ['contracts', 'demo', 'mongo', 'pinyin-search', 'server', 'testkit', 'wecom-emulator'],
  'packages/drills': ['contracts', 'demo', 'mongo', 'server', 'testkit', 'wecom', 'wecom-emulator'],
}
/** Rooms that only tests may lean on. */
const testOnly = new Set(['testkit', 'wecom-emulator', 'chat-simulator'])

const faults = []
for (const file of globSync('{apps,packages}/*/package.json')) {
  const room = file.replace(/[\\/]package\.json$/, '').replaceAll('\\', '/')
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'))
  const allowed = mayUse[room]
  if (!allowed) {
    faults.push(`${room}: a new room; write its arrows into scripts/check-arrows.mjs`)
    continue
  }
  for (const used of ours(dependencies)) if (!allowed.includes(used)) faults.push(`${room} may not use ${used}`)
  for (const used of ours(devDependencies))
    if (!allowed.includes(used) && !testOnly.has(used)) faults.push(`${room} may not use ${used}, not even in tests`)
}

const serverFiles = globSync('apps/server/src/**/*.ts')
for (const file of serverFiles.map((name) => name.replaceAll('\\', '/'))) {
  // A world is what several tests of one feature stand on.
  const isTest = file.endsWith('.test.ts') || file.endsWith('.world.ts')
  // Types leave no trace at run time: they may come from anywhere in the server.
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import(?! type)|export)[^']*?'([^']+)'/gm)) {
    const own = /features\/([^/]+)\//.exec(file)?.[1]
    if (file.includes('/platform/') && target.includes('features/') && !isTest)
      faults.push(`${file}: platform leans on a feature (${target})`)
    const other = /^\.\.\/([^./][^/]*)\/(.+)$/.exec(target)
    const reachesInside = own && other && other[1] !== own && !/\.(service|contract)\.ts$/.test(other[2])
    if (reachesInside && !isTest) faults.push(`${file}: one feature uses another only through its service (${target})`)
    if (/@guidebar\/(testkit|wecom-emulator|chat-simulator)/.test(target) && !isTest)
      faults.push(`${file}: only tests use ${target}`)
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}

function ours(dependencies) {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith('@guidebar/'))
    .map((name) => name.slice('@guidebar/'.length))
}
