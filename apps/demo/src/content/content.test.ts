import { findReplyFaults, messageLimits, utf8Bytes } from '@guidebar/contracts'
import { lintCard } from '@guidebar/server/features/mini-program-cards/card.lint'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

import { corpFacts } from '../secrets.ts'
import { demoCards } from './cards.ts'
import { demoPersonalReplies, demoReplies } from './replies.ts'
import { shopProducts } from './seed-content.ts'

const covers = path.join(import.meta.dirname, '../../assets/covers')
const replies = [...demoReplies, ...demoPersonalReplies]

test('every card passes the linter, and each has a cover that is small', () => {
  const { appId } = corpFacts.miniProgram
  const rules = { linkedAppIds: [appId], publicUrl: 'https://demo.example.com' }

  expect(
    demoCards.flatMap((card) => lintCard({ ...card, appId, coverUrl: 'https://demo.example.com/a.png' }, rules)),
  ).toEqual([])
  expect(demoCards.length).toBeGreaterThanOrEqual(24)
  expect(readdirSync(covers).toSorted()).toEqual(demoCards.map(({ slug }) => `${slug}.png`).toSorted())
  const sizes = demoCards.map(({ slug }) => readFileSync(path.join(covers, `${slug}.png`)).length)
  expect(Math.max(...sizes)).toBeLessThan(60_000)
})

test('names and shortcuts stand for one thing each', () => {
  const names = replies.map(({ storeId = '', folder, title }) => `${storeId}/${folder}/${title}`)
  const shortcuts = replies.flatMap(({ shortcut }) => (shortcut ? [shortcut] : []))
  const skus = shopProducts().map(({ sku }) => sku)

  for (const list of [names, shortcuts, skus, demoCards.map(({ slug }) => slug), demoCards.map(({ title }) => title)])
    expect(list.length - new Set(list).size).toBe(0)
  expect(demoReplies.length).toBeGreaterThanOrEqual(60)
  expect(shortcuts.every((shortcut) => /^[A-Za-z0-9]{1,12}$/.test(shortcut))).toBe(true)
})

test('every text may be saved and sent, and every card and picture it names is there', () => {
  const slugs = new Set(demoCards.map(({ slug }) => slug))
  const parts = replies.flatMap((reply) => reply.parts)
  const texts = parts.filter((part) => typeof part === 'string')
  const named = parts.flatMap((part) => {
    if (typeof part === 'string') return []
    if ('file' in part) return []
    return 'card' in part ? part.card : 'picture' in part ? part.picture : part.cover
  })

  expect(texts.flatMap(findReplyFaults)).toEqual([])
  expect(texts.filter((text) => utf8Bytes(text) > messageLimits.textBytes)).toEqual([])
  expect(named.filter((slug) => !slugs.has(slug))).toEqual([])
})
