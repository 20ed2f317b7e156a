import { startEmbeddedEngine, type EmbeddedEngine } from '@guidebar/mongo'
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

/** Starts one real database engine for the whole test run and hands its address to the tests. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(path.join(existsSync(sharedMemory) ? sharedMemory : tmpdir(), 'guidebar-tests-'))
  try {
    engine = await startEmbeddedEngine({ dataDir: path.join(folder, 'db'), log: (line) => console.error(line) })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  project.provide('mongoUri', engine.uri)
}

/** Ends the engine and removes its files. */
export async function teardown(): Promise<void> {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
}
