import { machineX64, readDynamicTables, symbolBytes, type NeededVersion } from './elf.ts'
import { isNewer } from './platform.ts'

export type SymbolChange = { symbol: string; from: string; to: string; library: string }

const weakVersion = 2
const hiddenBit = 0x8000
/** Version index of a symbol bound to whatever the library offers by default. */
const anyVersion = 1
/** glibc 2.38 gave the C23 spellings of strtol and its kin new names; the tail of each is the old function. */
const renamedPrefix = '__isoc23_'
/** New in 2.38 only in how it reports errors; the older one computes the same. */
const sameInOlder = new Set(['fmod'])

/**
 * Makes a copy of a shared library that loads on an older GNU C library: versions newer than `systemGlibc` become
 * optional for the loader, and the symbols that asked for them are bound to the older functions.
 * The input is left as it is; a library that needs nothing newer comes back unchanged.
 * @throws Error for a symbol that has no known older equivalent
 */
export function lowerGlibc(library: Buffer, systemGlibc: string): { lowered: Buffer; changes: SymbolChange[] } {
  const lowered = Buffer.from(library)
  const tables = readDynamicTables(lowered)
  const oldestName = tables.machine === machineX64 ? 'GLIBC_2.2.5' : 'GLIBC_2.17'
  const tooNew = new Map<number, NeededVersion & { oldest: number }>()
  for (const version of tables.neededVersions) {
    if (!isNewer(glibcVersion(version.name), systemGlibc)) continue
    lowered.writeUInt16LE(lowered.readUInt16LE(version.flagsAt) | weakVersion, version.flagsAt)
    const oldest = tables.neededVersions.find((each) => each.library === version.library && each.name === oldestName)
    tooNew.set(version.index, { ...version, oldest: oldest?.index ?? anyVersion })
  }

  const changes: SymbolChange[] = []
  for (let number = 0; number < tables.symbols.count; number++) {
    const versionAt = tables.symbolVersions + number * 2
    const version = tooNew.get(lowered.readUInt16LE(versionAt) & ~hiddenBit)
    if (!version) continue
    const symbolAt = tables.symbols.at + number * symbolBytes
    const nameOffset = lowered.readUInt32LE(symbolAt)
    const symbol = tables.nameAt(nameOffset)
    const to = olderName(symbol)
    if (to === null) throw new Error(`${symbol} of ${version.name} has no known older equivalent`)
    // The older name is the end of the newer one, so it is already in the string table.
    lowered.writeUInt32LE(nameOffset + symbol.length - to.length, symbolAt)
    lowered.writeUInt16LE(version.oldest, versionAt)
    changes.push({ symbol, from: version.name, to, library: version.library })
  }
  return { lowered, changes }
}

function olderName(symbol: string): string | null {
  if (symbol.startsWith(renamedPrefix)) return symbol.slice(renamedPrefix.length)
  return sameInOlder.has(symbol) ? symbol : null
}

function glibcVersion(name: string): string {
  return /^GLIBC_(\d+\.\d+)/.exec(name)?.[1] ?? '0'
}
