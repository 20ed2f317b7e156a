import { connectMongo, startEmbeddedEngine, type EmbeddedEngine } from '@guidebar/mongo'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's one database engine; each test file opens a database of its own name on it. */
    mongoUri: string
  }
}

// Building many indexes is twice as fast in shared memory as on a disk, and tests need nothing to survive.
const sharedMemory = '/dev/shm'

let folder: string
let engine: EmbeddedEngine
let stopTidying: () => Promise<void>

/** Starts one real database engine for the whole test run and hands its address to the tests. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(path.join(existsSync(sharedMemory) ? sharedMemory : tmpdir(), 'guidebar-tests-'))
  try {
    engine = await startEmbeddedEngine({ dataDir: path.join(folder, 'db'), log: (line) => console.error(line) })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  stopTidying = await tidyOpenFiles(engine.uri)
  project.provide('mongoUri', engine.uri)
}

/** Ends the engine and removes its files. */
export async function teardown(): Promise<void> {
  await stopTidying()
  await engine.close()
  await rm(folder, { recursive: true, force: true })
}

/**
 * Every world has a database of its own: hundreds of files. The engine keeps those of dropped ones open until two
 * checkpoints have passed, and a whole run would meet the system's limit.
 */
async function tidyOpenFiles(uri: string): Promise<() => Promise<void>> {
  const db = await connectMongo(uri, 'admin')
  const admin = db.getClient().db('admin')
  const wiredTigerEngineRuntimeConfig =
    'file_manager=(close_idle_time=5,close_scan_interval=2,close_handle_minimum=500)'
  await admin.command({ setParameter: 1, wiredTigerEngineRuntimeConfig })
  const timer = setInterval(() => void admin.command({ fsync: 1 }).catch(() => undefined), 5_000)
  return async () => {
    clearInterval(timer)
    await db.close()
  }
}
