import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { createMessages } from '../../platform/messages/messages.ts'
import { keysOf } from './action-words.ts'

const server = path.resolve(import.meta.dirname, '../../../../server/src')
const sources = globSync(`${server}/**/*.ts`)
  .filter((file) => !/\.(test|world)\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))

test('whatever goes on record has words for who reads it', async () => {
  const { te } = (await createMessages('zh-CN')).global
  const named = sources.flatMap((source) =>
    [...source.matchAll(/(?:\b(?:audit|action): |rightsTo\([^)]*?, )'([a-z-]+\.[a-z-]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  )
  const actions = [...new Set(named)].toSorted()

  expect(actions.length).toBeGreaterThan(50)
  expect(actions.filter((action) => !keysOf(action).some((key) => te(key, 'zh-CN')))).toEqual([])
})
