import { expect, test } from 'vitest'

import { context, quickReply } from '../../testing/fixtures.ts'
import { findDraftFaults, toDraft, toSaved } from './reply-draft.ts'
import { usedFallbacks } from '../sends/message-texts.ts'
import { summarize, toReplyValues } from './reply-text.ts'

test('variables take the customer’s words; what is unknown is named', () => {
  const values = toReplyValues(context({ relation: null }))

  expect(
    summarize(quickReply({ parts: [{ type: 'text', text: '{{customer.name|亲}}，\n我是{{store.name}}的' }] }), values),
  ).toBe('小鱼， 我是天河店的')
  expect(usedFallbacks('{{customer.remark|亲}}{{customer.name|您}}{{guide.name}}', values)).toEqual(['亲'])
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
