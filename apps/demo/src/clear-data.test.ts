import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { clearDemoData, NotADemoFolder } from './clear-data.ts'
import { readDemoSecrets } from './secrets.ts'

function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'guidebar-clear-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('what an earlier demo kept is gone', () => {
  const folder = makeFolder()
  readDemoSecrets(folder)
  mkdirSync(path.join(folder, 'mongo'))

  clearDemoData(folder)

  expect(existsSync(folder)).toBe(false)
})

test('a folder of somebody else is left alone', () => {
  const folder = makeFolder()
  writeFileSync(path.join(folder, 'letters.txt'), 'dear')

  expect(() => clearDemoData(folder)).toThrow(NotADemoFolder)

  expect(readdirSync(folder)).toEqual(['letters.txt'])
})

test('an empty folder, and none at all, is nothing to complain about', () => {
  const folder = makeFolder()

  clearDemoData(folder)
  clearDemoData(folder)

  expect(existsSync(folder)).toBe(false)
})
