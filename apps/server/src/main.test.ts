import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'

import { expect, inject, test } from 'vitest'

const run = (env: Record<string, string>) =>
  new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [path.join(import.meta.dirname, 'main.ts')],
      { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, timeout: 45_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, output: stdout + stderr }),
    )
  })

const settings = {
  PUBLIC_URL: 'http://127.0.0.1:4600',
  WECOM_CORP_ID: 'ww5f2a9c31d7be4608',
  WECOM_AGENT_ID: '1000014',
  WECOM_SECRET: 'canaryCanaryCanary42',
  LOG_LEVEL: 'silent',
}

test('wrong settings end the start with one sentence that prints no value', async () => {
  const { code, output } = await run({ ...settings, PORT: 'canary' })

  expect([code, output.trim()]).toEqual([1, 'Missing or wrong settings: MONGODB_URI, PORT'])
})

test('a MongoDB that is not there ends the start with one sentence without its password', async () => {
  const { code, output } = await run({
    ...settings,
    MONGODB_URI: 'mongodb://user:canary@127.0.0.1:1/?directConnection=true',
  })

  expect(code).toBe(1)
  expect(output.trim().split('\n').at(-1)).toMatch(/MongoDB at 127.0.0.1:1 does not answer/)
  expect(output).not.toContain('canary')
})

test('a port in use ends the start with one sentence', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }

  const { code, output } = await run({ ...settings, PORT: String(port), MONGODB_URI: inject('mongoUri') })

  taken.close()
  expect(code).toBe(1)
  expect(output.trim()).toMatch(new RegExp(`Port ${port} is in use`))
})
