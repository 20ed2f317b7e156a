import { existsSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import path from 'node:path'

import type { DumpPage, EmulatorControl, LoadInput } from '@guidebar/wecom-emulator'

const everyMs = 5_000
/** A big corp takes long to write: then it is written more rarely, so that saving stays a small part of the work. */
const restShare = 10
const rowsAtOnce = 20_000
/** A corp that changes all the time is tried again a moment later. */
const tries = 3

const fileOf = (dataDir: string) => path.join(dataDir, 'wecom.json')

/** What an earlier demo kept of the pretend corp cannot be used; the message says what to do. */
export class KeptCorpUnreadable extends Error {}

/**
 * The pretend corp as it was when the demo ended, in parts for `load`; null when none was kept.
 * @throws KeptCorpUnreadable
 */
export function readKeptCorp(dataDir: string): LoadInput[] | null {
  const file = fileOf(dataDir)
  if (!existsSync(file)) return null
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { parts: LoadInput[] }).parts
  } catch (error) {
    throw new KeptCorpUnreadable(`${file} cannot be read: start again with --fresh for a new corp.`, { cause: error })
  }
}

/** Puts a kept corp into an empty emulator. */
export async function loadKeptCorp(control: EmulatorControl, parts: LoadInput[]): Promise<void> {
  for (const part of parts) await control.load(part)
}

export interface CorpKeeper {
  /** Saves what has changed since the last time; a failure is reported, not thrown. */
  save(): Promise<void>
  /** Saves for the last time and ends. */
  close(): Promise<void>
}

/**
 * Saves the pretend corp into the data folder whenever something of it has changed, so that a restart shows it as people
 * left it.
 * @param report takes why a save failed; the next one tries again
 */
export function keepCorp(
  control: EmulatorControl,
  dataDir: string,
  { report, pauseMs = everyMs }: { report: (line: string) => void; pauseMs?: number },
): CorpKeeper {
  let saved = -1
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function saveIfChanged() {
    const { changeCount } = await control.corp()
    if (changeCount === saved) return
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const written = await writeWhole(control, fileOf(dataDir))
      if (written === null) continue
      saved = written
      return
    }
  }

  /** One save after the other. */
  function save() {
    running = running
      .then(saveIfChanged)
      .catch((error: unknown) => report(`The pretend corp could not be kept: ${(error as Error).message}`))
    return running
  }

  async function saveAndPlan() {
    const started = Date.now()
    await save()
    if (!closed) plan(Math.max(pauseMs, (Date.now() - started) * restShare))
  }

  function plan(ms: number) {
    timer = setTimeout(() => void saveAndPlan(), ms)
    timer.unref()
  }

  plan(pauseMs)
  return {
    save,
    async close() {
      closed = true
      clearTimeout(timer)
      await save()
    },
  }
}

/**
 * Writes all parts beside the file and puts them in its place at once: whoever reads sees the old corp or the new one.
 * @returns the change count of what was written; null when the corp changed while its parts were read
 */
async function writeWhole(control: EmulatorControl, file: string): Promise<number | null> {
  const beside = `${file}.new`
  const handle = await open(beside, 'w', 0o600)
  let first: DumpPage
  try {
    let page = await control.dump({ limit: rowsAtOnce })
    first = page
    await handle.write(`{"parts":[\n${toPart(page)}`)
    while (page.next !== null) {
      page = await control.dump({ after: page.next, limit: rowsAtOnce })
      if (page.changeCount !== first.changeCount) return null
      await handle.write(`,\n${toPart(page)}`)
    }
    await handle.write('\n]}\n')
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
  return first.changeCount
}

function toPart({ next: _, changeCount: __, ...rows }: DumpPage): string {
  return JSON.stringify(rows)
}
