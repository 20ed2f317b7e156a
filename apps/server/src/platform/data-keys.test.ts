import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { DataKeyError, readDataKeys } from './data-keys.ts'
import { createSecretBox } from './secret-box.ts'

function keyFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'guidebar-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, 'data.keys')
}
const readFrom = (file: string | null, given: string[] = []) => readDataKeys({ dataKeys: { given, file } })

test('the first start makes a key that only its user may read, and the next one finds it', () => {
  const file = keyFile()

  const made = readFrom(file)

  expect(readFrom(file)).toEqual(made)
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(readFrom(file, ['A'.repeat(43)])).toEqual(['A'.repeat(43)])
  expect(readFrom(null)).toEqual([])
})

test('a file that others may read, or that holds something else, stops the start without saying what is in it', () => {
  const [open, strange] = [keyFile(), keyFile()]
  readFrom(open)
  chmodSync(open, 0o644)
  writeFileSync(strange, 'canary-text', { mode: 0o600 })

  expect(() => readFrom(open)).toThrow(DataKeyError)
  expect(() => readFrom(open)).not.toThrow(readFileSync(open, 'utf8').trim())
  expect(() => readFrom(strange)).toThrow(/no key/)
  expect(() => readFrom(strange)).not.toThrow(/canary/)
})

test('what an older key sealed opens beside the new one, for its own place alone', () => {
  const [before, now] = [createSecretBox('a'.repeat(43)), createSecretBox('b'.repeat(43), 'a'.repeat(43))]
  const sealed = before.seal('canary-secret', 'corp-settings/secret')

  expect(sealed).not.toContain('canary')
  expect(now.open(sealed, 'corp-settings/secret')).toBe('canary-secret')
  expect(now.open(sealed, 'corp-settings/callbackToken')).toBeNull()
  expect([now.isCurrent(sealed), before.isCurrent(sealed)]).toEqual([false, true])
  expect(before.open(now.seal('x', 'place'), 'place')).toBeNull()
})
