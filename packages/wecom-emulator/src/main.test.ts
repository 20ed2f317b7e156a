import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createEmulatorControl } from './index.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const ends: (() => void)[] = []
afterEach(() => ends.splice(0).forEach((end) => end()))

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  ends.push(() => child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ready = new Promise<{ url: string; generated: unknown }>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('EMULATOR_READY ')) resolve(JSON.parse(line.slice('EMULATOR_READY '.length)) as never)
    })
  })
  const exit = new Promise<{ code: number | null; errors: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, errors })),
  )
  return { child, ready, exit }
}

test('a process of its own comes up with a filled corp and ends when it is told to', async () => {
  const settings = JSON.stringify({ corp: { corpId: 'wwDrill00000000001' }, callback: { maxDeliveries: 2 } })
  const { child, ready, exit } = start('--port', '0', '--guides', '20', '--relations', '500', '--settings', settings)
  const { url, generated } = await ready
  const control = createEmulatorControl(url)

  expect(generated).toMatchObject({ members: 20, relations: 500 })
  expect(await control.corp()).toMatchObject({ corpId: 'wwDrill00000000001', counts: { relations: 500 } })
  expect((await control.settings()).callback.maxDeliveries).toBe(2)
  child.kill('SIGTERM')
  expect((await exit).code).toBe(0)
})

test.each([
  [['--port', '70000'], '--port must be a whole number'],
  [['--guides', '5'], '--guides and --relations belong together'],
  [['--port', '0', '--settings', '{'], '--settings must be JSON'],
  [['--port', '0', '--settings', '{"corps":{}}'], 'no such setting: corps'],
])('%j says what is wrong', async (args, message) => {
  const { code, errors } = await start(...args).exit

  expect(code).toBe(1)
  expect(errors).toContain(message)
})
