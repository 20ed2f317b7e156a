/** The tables of a shared library that say which version of which outside symbol it needs. */
export type DynamicTables = {
  machine: number
  /** File offset and entry count of the dynamic symbols, 24 bytes each, name offset first. */
  symbols: { at: number; count: number }
  /** File offset of the symbols' version numbers, 2 bytes each. */
  symbolVersions: number
  /** The versions needed, library by library. */
  neededVersions: NeededVersion[]
  /** Reads a name from the dynamic string table. */
  nameAt(offset: number): string
}

export type NeededVersion = {
  library: string
  name: string
  index: number
  /** File offset of its flags. */ flagsAt: number
}

export const symbolBytes = 24
export const machineX64 = 0x3e

const sectionTypes = { dynamicSymbols: 11, neededVersions: 0x6ffffffe, symbolVersions: 0x6fffffff }

/**
 * Reads the dynamic tables of a 64-bit little-endian ELF file.
 * @throws Error when the file is another format or lacks one of the tables
 * @see https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
 */
export function readDynamicTables(file: Buffer): DynamicTables {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    throw new Error('not a 64-bit little-endian ELF file')
  const sections = readSections(file)
  const find = (type: number) => {
    const section = sections.find((each) => each.type === type)
    if (!section) throw new Error(`the ELF file has no section of type 0x${type.toString(16)}`)
    return section
  }
  const symbols = find(sectionTypes.dynamicSymbols)
  const needed = find(sectionTypes.neededVersions)
  const strings = sections[symbols.link]
  if (!strings) throw new Error('the ELF file has no dynamic string table')
  const nameAt = (offset: number) => file.toString('latin1', strings.at + offset, file.indexOf(0, strings.at + offset))
  return {
    machine: file.readUInt16LE(18),
    symbols: { at: symbols.at, count: symbols.size / symbolBytes },
    symbolVersions: find(sectionTypes.symbolVersions).at,
    neededVersions: readNeededVersions(file, needed.at, needed.info, nameAt),
    nameAt,
  }
}

function readSections(file: Buffer) {
  const tableAt = Number(file.readBigUInt64LE(0x28))
  const entryBytes = file.readUInt16LE(0x3a)
  return Array.from({ length: file.readUInt16LE(0x3c) }, (_, number) => {
    const at = tableAt + number * entryBytes
    return {
      type: file.readUInt32LE(at + 4),
      at: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
    }
  })
}

function readNeededVersions(file: Buffer, tableAt: number, libraries: number, nameAt: (offset: number) => string) {
  const needed: NeededVersion[] = []
  let libraryAt = tableAt
  for (let library = 0; library < libraries; library++) {
    let versionAt = libraryAt + file.readUInt32LE(libraryAt + 8)
    for (let version = 0; version < file.readUInt16LE(libraryAt + 2); version++) {
      needed.push({
        library: nameAt(file.readUInt32LE(libraryAt + 4)),
        name: nameAt(file.readUInt32LE(versionAt + 8)),
        index: file.readUInt16LE(versionAt + 6),
        flagsAt: versionAt + 4,
      })
      versionAt += file.readUInt32LE(versionAt + 12)
    }
    libraryAt += file.readUInt32LE(libraryAt + 12)
  }
  return needed
}
