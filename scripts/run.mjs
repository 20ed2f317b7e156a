// Plain JavaScript for any Node from 18 on: sets the workspace up once, then runs the real program on the pinned Node.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const windows = process.platform === 'win32'
const oldestNode = [24, 11]

/** What each root script runs on the pinned Node; `build` says whether the front ends must be built first. */
const commands = {
  demo: { build: true, program: ['apps/demo/src/main.ts'] },
  // A heap that is tidied up before it grows: a sync of a million relations stays below 300 MiB.
  start: { build: true, program: ['--max-semi-space-size=8', '--heap-growing-percent=60', 'apps/server/src/main.ts'] },
  test: { build: true, program: ['scripts/test.mjs'] },
  check: { build: false, program: ['scripts/check.mjs'] },
  bench: { build: true, program: ['packages/bench/src/main.ts'] },
  drill: { build: true, program: ['packages/drills/src/main.ts'] },
  screens: { build: true, program: ['packages/acceptance/src/screens.main.ts'] },
  doctor: { build: false, program: ['apps/server/src/doctor.ts'] },
  sync: { build: false, program: ['apps/server/src/sync.ts'] },
  'audit:verify': { build: false, program: ['apps/server/src/audit-verify.ts'] },
  build: { build: true },
  format: { build: false, program: ['node_modules/oxfmt/bin/oxfmt', '.'] },
}

const [name, ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) fail(`Unknown command "${name ?? ''}". Known: ${Object.keys(commands).join(', ')}.`)

installOnce()
const env = withWorkspaceNode()
if (command.build) buildFrontEnds(env)
if (command.program) runProgram(command.program, env)

function installOnce() {
  const stamp = path.join(root, 'node_modules', '.guidebar-setup')
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(path.join(root, 'pnpm-workspace.yaml')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return

  say('Setting up: installing packages (once, about half a minute) …')
  const started = Date.now()
  // A half-written node_modules must not look finished, so the stamp goes first and comes back last.
  rmSync(stamp, { force: true })
  const install = spawnSync(
    'npx',
    ['--yes', manifest.packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'],
    { cwd: root, encoding: 'utf8', shell: windows, env: { ...process.env, CI: 'true' } },
  )
  if (install.status !== 0) {
    process.stderr.write(`${install.stdout ?? ''}${install.stderr ?? ''}`)
    fail(
      'Installing the packages failed; the lines above say why. Check the network and the free disk space, then try again.',
    )
  }
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  say(`Packages installed in ${seconds(started)}.`)
}

function withWorkspaceNode() {
  const bin = path.join(root, 'node_modules', '.bin')
  const env = { ...process.env, PATH: bin + path.delimiter + process.env.PATH }
  const version = spawnSync('node', ['-p', 'process.versions.node'], {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: windows,
  })
  const [major, minor] = (version.stdout ?? '').trim().split('.').map(Number)
  const tooOld = !(major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]))
  if (tooOld)
    fail(
      `Guidebar runs on Node ${oldestNode.join('.')} or newer and found ${(version.stdout ?? '').trim() || 'none'}. ` +
        'There is no packaged Node for this platform: install Node 24 and try again.',
    )
  return env
}

function buildFrontEnds(env) {
  const vite = createRequire(path.join(root, 'package.json')).resolve('vite/package.json')
  const viteBin = path.join(path.dirname(vite), 'bin', 'vite.js')
  for (const room of ['apps/sidebar', 'apps/admin', 'packages/chat-simulator']) {
    const stamp = path.join(root, room, 'dist', '.sources')
    const wanted = sourceHash(room)
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue

    say(`Building ${room} …`)
    const build = spawnSync('node', [viteBin, 'build', '--logLevel', 'warn'], {
      cwd: path.join(root, room),
      env: { ...env, NODE_ENV: 'production' },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: windows,
    })
    if (build.status !== 0) fail(`Building ${room} failed; the lines above say why.`)
    writeFileSync(stamp, wanted)
  }
}

/** The front ends are rebuilt only when a file they are made of has changed. */
function sourceHash(room) {
  const hash = createHash('sha256')
  const files = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', room, 'packages', 'pnpm-lock.yaml'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  // Outside a git checkout there is no cheap list of files: build every time.
  if (files.status !== 0) return `${Date.now()}`
  for (const file of files.stdout.split('\0').filter(Boolean).sort()) {
    const whole = path.join(root, file)
    if (existsSync(whole)) hash.update(file).update(readFileSync(whole))
  }
  return hash.digest('hex')
}

function runProgram(program, env) {
  const child = spawn('node', [...program, ...args], { cwd: root, env, stdio: 'inherit', shell: windows })
  // Ctrl-C reaches the child by itself; this process waits for it to end cleanly instead of dying first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function fail(line) {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}
