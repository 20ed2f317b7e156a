import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** Addresses the demo prints when it is ready. */
export interface DemoAddresses {
  simulator: string
  admin: string
  api: string
  emulator: string
}

/** The demo as a newcomer starts it, in a process of its own and with data of its own. */
export async function startDemo(): Promise<DemoAddresses & { stop(): Promise<void> }> {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const dataDir = mkdtempSync(path.join(memory, 'guidebar-journeys-'))
  const main = path.resolve(import.meta.dirname, '../../../apps/demo/src/main.ts')
  const demo = spawn(process.execPath, [main, '--port', '0', '--fresh', '--customers', '60', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((done) => demo.once('exit', () => done()))

  const said: string[] = []
  demo.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const ready = new Promise<DemoAddresses>((resolve, reject) => {
    createInterface(demo.stdout).on('line', (line) => {
      said.push(line)
      if (line.startsWith('DEMO_READY ')) resolve(JSON.parse(line.slice('DEMO_READY '.length)) as DemoAddresses)
    })
    demo.once('exit', (code) =>
      reject(new Error(`The demo ended with ${code} before it was ready:\n${said.join('\n')}`)),
    )
  })
  return {
    ...(await ready),
    async stop() {
      demo.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
