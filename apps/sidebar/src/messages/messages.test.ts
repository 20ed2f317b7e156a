import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { errorCodes } from '@guidebar/contracts'
import { expect, test } from 'vitest'

import { toAddWayKey } from '../features/profile/add-way.ts'
import { findMessage } from '../platform/i18n.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'
import { zhCNLater } from './zh-CN.later.ts'
import { zhTW } from './zh-TW.ts'

const source = path.resolve(import.meta.dirname, '..')
const all = { ...zhCN, ...zhCNLater }
const languages = { 'zh-CN': all, 'zh-TW': zhTW, en }

function flatten(tree: object, prefix = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[prefix + name, value] as [string, string]]
      : flatten(value as object, `${prefix}${name}.`),
  )
}
function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
}
const screens = listFiles(source).filter((file) => !/[\\/](messages|testing)[\\/]/.test(file))

test.each(Object.entries(languages))('%s has every message, with the same blanks, and none empty', (_, messages) => {
  const blanks = (text: string) =>
    [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort((a, b) => a.localeCompare(b))
  const wanted = flatten(all).map(([key, text]) => [key, blanks(text)])
  const found = flatten(messages).map(([key, text]) => [key, blanks(text)])

  expect(new Map(found as [string, unknown][])).toEqual(new Map(wanted as [string, unknown][]))
  expect(flatten(messages).filter(([, text]) => text.trim() === '')).toEqual([])
})

test('no component says anything in its own words', () => {
  // The names of the languages stand in themselves on purpose; a price band is read, not said.
  const own = screens.filter((file) => !/(language-names|price-band)\.ts$/.test(file))
  const spoken = own.flatMap((file) => {
    const code = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '')
      .replace(/(^|\s)\/\/.*$/gm, '')
    return [...code.matchAll(/.*\p{Script=Han}.*/gu)].map(([line]) => `${path.relative(source, file)}: ${line.trim()}`)
  })

  expect(spoken).toEqual([])
})

test('every message a screen asks for exists', () => {
  const asked = screens.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? ''),
  )

  expect(asked.length).toBeGreaterThan(80)
  expect([...new Set(asked)].filter((key) => findMessage(all, key) === null)).toEqual([])
})

test('every failure of the server has words for cause and next step', () => {
  const missing = Object.keys(errorCodes).filter(
    (code) => !['title', 'cause', 'next'].every((part) => findMessage(all, `failure.${code}.${part}`)),
  )

  // What the panel itself can never be told: faults of its own requests, and what only admins ask for.
  expect(missing.sort()).toEqual([
    'BAD_REQUEST',
    'BATCH_NOT_FOUND',
    'CROSS_SITE_REQUEST',
    'CUSTOMER_NOT_FOUND',
    'DATA_KEY_MISSING',
    'EXPORT_NOT_FOUND',
    'INTERNAL',
    'METHOD_NOT_ALLOWED',
    'REAUTH_REQUIRED',
    'SEGMENT_NOT_FOUND',
    'TAG_LIMIT',
    'TAG_STILL_USED',
    'UNSUPPORTED_MEDIA_TYPE',
    'URL_NOT_OURS',
    'VIEW_ONLY',
  ])
})

test('every way a customer came has a name, also one nobody knows yet', () => {
  expect(findMessage(all, toAddWayKey(201))).toBe('同事共享')
  expect(findMessage(all, toAddWayKey(999))).toBe('来源不明')
})
