import { expect, test } from 'vitest'

import { context, quickReply } from '../../testing/fixtures.ts'
import { findDraftFaults, toDraft, toSaved } from './reply-draft.ts'
import { createReplyIndex, findReplies, listFolders } from './reply-list.ts'
import { summarize, toReplyValues, usedFallbacks } from './reply-text.ts'

const everything = { query: '', scope: 'every', folder: null } as const

test('variables take the customer’s words; what is unknown is named', () => {
  const values = toReplyValues(context({ relation: null }))

  expect(
    summarize(quickReply({ parts: [{ type: 'text', text: '{{customer.name|亲}}，\n我是{{store.name}}的' }] }), values),
  ).toBe('小鱼， 我是天河店的')
  expect(usedFallbacks('{{customer.remark|亲}}{{customer.name|您}}{{guide.name}}', values)).toEqual(['亲'])
})

test('own favourites come first, then everybody’s; the order stays under a filter', () => {
  const index = createReplyIndex([
    quickReply({ title: '甲', keys: 'jia', teamUses: 9, folder: 'a' }),
    quickReply({ title: '乙', keys: 'yi', ownUses: 3, folder: 'b', scope: 'personal' }),
    quickReply({ title: '丙', keys: 'bing', teamUses: 20, folder: 'a' }),
  ])
  const titles = (filter: Partial<Parameters<typeof findReplies>[1]>) =>
    findReplies(index, { ...everything, ...filter }).rows.map(({ reply }) => reply.title)

  expect(titles({})).toEqual(['乙', '丙', '甲'])
  expect(titles({ scope: 'personal' })).toEqual(['乙'])
  expect(titles({ folder: 'a' })).toEqual(['丙', '甲'])
  expect(listFolders(index.replies, 'corp')).toEqual(['a'])
})

test('title, shortcut and body answer a search; a slash in front is only a habit', () => {
  const index = createReplyIndex([
    quickReply({
      title: '退换货',
      keys: 'tui huan huo',
      shortcut: 'th',
      parts: [{ type: 'text', text: '七天无理由' }],
    }),
  ])
  const count = (query: string) => findReplies(index, { ...everything, query }).total

  expect(['thh', '/th', 'tuihuan', '无理由', '退', 'zzz'].map(count)).toEqual([1, 1, 1, 1, 1, 0])
})

test('a draft is saved without its empty texts and without what the server makes itself', () => {
  const draft = toDraft(
    quickReply({
      title: ' 问候 ',
      parts: [
        { type: 'text', text: '  ' },
        { type: 'image', assetId: '1'.repeat(24), name: '图', url: '/media/1' },
      ],
    }),
  )

  expect(toSaved(draft)).toMatchObject({
    title: '问候',
    parts: [{ type: 'image', assetId: '1'.repeat(24), name: '图' }],
  })
  expect(toSaved(draft).parts).toHaveLength(1)
})

test('a draft says what must be put right', () => {
  const draft = toDraft(null)
  expect(findDraftFaults(draft)).toEqual([{ at: 'title' }, { at: 'parts' }])

  Object.assign(draft, { title: '问候' })
  Object.assign(draft.parts[0]?.part ?? {}, { text: `{{customer.name}}${'好'.repeat(1400)}` })

  expect(findDraftFaults(draft)).toMatchObject([
    { at: 0, fault: { reason: 'missing-fallback' } },
    { at: 0, overBytes: 217 },
  ])
})
