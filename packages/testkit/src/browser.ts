import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

import { type Browser, chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const cacheRoot = path.resolve(import.meta.dirname, '../../../.cache')

// The package's own defaults switch off web security and run in a single process, which hides faults; these do not.
const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
]

/**
 * Starts headless Chromium from the npm package, with the Chinese font from the npm package, so that a machine needs
 * neither a browser nor fonts of its own and screenshots look alike everywhere.
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await unpackBrowser()
  return chromium.launch({ executablePath, args: browserArgs, headless: true, env: { ...process.env, ...env } })
}

async function unpackBrowser(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const packageRoot = path.resolve(path.dirname(require.resolve('@sparticuz/chromium')), '..')
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  // Named by version: an unpacked browser of an older package must not be taken for this one.
  const home = path.join(cacheRoot, `chromium-${version}`)
  if (!existsSync(path.join(home, 'chromium'))) await unpackInto(home, path.join(packageRoot, 'bin'))

  const executablePath = path.join(home, 'chromium')
  const env: Record<string, string> = { FONTCONFIG_FILE: writeFontConfig(home) }
  // A bare Debian lacks a few libraries; the package ships them. Only then are they used.
  if (spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } }).status !== 0)
    env['LD_LIBRARY_PATH'] = path.join(home, 'lib')
  return { executablePath, env }
}

async function unpackInto(home: string, bin: string): Promise<void> {
  mkdirSync(cacheRoot, { recursive: true })
  // Whole or not at all: parallel starters each unpack for themselves and the first rename wins.
  const building = mkdtempSync(path.join(cacheRoot, 'unpacking-'))
  await pipeline(
    createReadStream(path.join(bin, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(path.join(building, 'chromium'), { mode: 0o755 }),
  )
  const libraries = path.join(building, 'libraries.tar')
  await pipeline(
    createReadStream(path.join(bin, 'al2023.tar.br')),
    createBrotliDecompress(),
    createWriteStream(libraries),
  )
  spawnSync('tar', ['-xf', libraries, '-C', building])
  rmSync(libraries)
  try {
    renameSync(building, home)
  } catch (error) {
    rmSync(building, { recursive: true, force: true })
    if (!existsSync(path.join(home, 'chromium'))) throw error
  }
}

function writeFontConfig(home: string): string {
  const fonts = path.resolve(path.dirname(require.resolve('@embedpdf/fonts-sc')), '../fonts')
  const file = path.join(home, 'fonts.conf')
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <cachedir>${path.join(home, 'font-cache')}</cachedir>
</fontconfig>
`
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  return file
}
