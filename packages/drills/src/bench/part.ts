import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const root = path.resolve(import.meta.dirname, '../../../..')

/** A process of its own, with its pid kept so that it alone can be stopped, paused or killed. */
export type Part = {
  readonly pid: number
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  /** The first line that begins with this, without the beginning. @throws when the process ends before */
  lineWith(beginning: string): Promise<string>
  /** The end of what it printed, for a person. */
  lastLines(): string
  /** One line to its standard input. */
  say(line: string): void
}

/** Loaded into every part before its own program: nothing of ours may outlive us, however we end. */
const leash = pathToFileURL(path.join(import.meta.dirname, 'leash.ts')).href
const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

/**
 * Starts one part of a drill.
 * @param program below the root of the workspace
 * @param logFile takes what it prints, for looking afterwards
 */
export function startPart(input: {
  program: string
  args?: string[]
  env?: Record<string, string>
  logFile: string
}): Part {
  const { program, args = [], env = {}, logFile } = input
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    ['--import', leash, path.join(root, program), ...args],
    {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    },
  ) as ChildProcessWithoutNullStreams
  living.add(child)
  const log = createWriteStream(logFile, { flags: 'a' })
  child.stderr.pipe(log, { end: false })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.write(`${line}\n`)
    if (!/^[A-Z_\d]+ /.test(line)) return
    lines.push(line)
    for (const tell of listeners) tell(line)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      living.delete(child)
      resolve()
    })
  })
  child.stdin.on('error', () => undefined)
  const lastLines = () => readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n')

  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    exited,
    lastLines,
    say: (line) => void child.stdin.write(`${line}\n`),
    async lineWith(beginning) {
      const { promise, resolve } = Promise.withResolvers<string>()
      const look = (line: string) => line.startsWith(beginning) && resolve(line.slice(beginning.length).trim())
      lines.forEach(look)
      listeners.add(look)
      const isGone = exited.then(() => {
        throw new Error(`${program} ended before it said ${beginning}:\n${lastLines()}`)
      })
      isGone.catch(() => undefined)
      return Promise.race([promise, isGone]).finally(() => listeners.delete(look))
    },
  }
}

/** Resident memory of a process in MiB; 0 where it cannot be told. */
export function rssMiB(pid: number): number {
  try {
    const kiB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kiB ?? 0) / 1_024)
  } catch {
    return 0
  }
}

/** Processor time a process has used so far, in ms; 0 where it cannot be told. */
export function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    // Fields 14 and 15 of the whole line, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}
