import { expect, test } from 'vitest'

import { card, context, quickReply, replyMarks, tags } from '../../testing/fixtures.ts'
import { createTranslations } from '../../platform/i18n.ts'
import { createFormat } from '../../platform/format.ts'
import { toReplyValues } from '../quick-replies/reply-text.ts'
import { findGroups, findNearly, wouldFind } from './find-groups.ts'
import { createHitRows } from './hit-row.ts'
import { createHitIndex, type Hit } from './hits.ts'
import { createPlaces, rankReplies, toOwnOrder } from './rank-replies.ts'

const ids = (list: { id: string }[]) => list.map(({ id }) => id)
const reply = (change: Parameters<typeof quickReply>[0]): Hit => ({ kind: 'reply', reply: quickReply(change) })
const titlesOf = (hits: { hit: Hit }[]) => hits.map(({ hit }) => (hit.kind === 'reply' ? hit.reply.title : hit.kind))

const paragraph: Hit = {
  kind: 'paragraph',
  paragraph: {
    id: 'hinge',
    heading: '铰链',
    keys: 'jiao lian',
    text: '官方标称二十万次折叠',
    articleId: 'a'.repeat(24),
    articleTitle: '折叠屏卖点',
    folder: '手机',
  },
}
const tag: Hit = { kind: 'tag', tag: { ...tags.huawei, name: '折叠屏', keys: 'zhe die ping' } }
const everyKind = { kinds: ['reply', 'card', 'paragraph', 'article', 'tag'] as const, limitOf: () => 5 }
const options = { ...everyKind, kinds: [...everyKind.kinds] }

test('one question is answered by every kind, those whose name fits first', () => {
  const indexes = {
    reply: createHitIndex([
      reply({ title: '到店有礼', keys: 'dao dian you li', parts: [{ type: 'text', text: '折叠屏到店' }] }),
    ]),
    card: createHitIndex([{ kind: 'card', card: card({ title: '折叠屏新品', keys: 'zhe die ping xin pin' }) }]),
    paragraph: createHitIndex([paragraph]),
    tag: createHitIndex([tag]),
  }
  const kinds = (query: string) => findGroups(indexes, query, options).map(({ kind }) => kind)

  expect(kinds('zdp')).toEqual(['card', 'tag'])
  expect(kinds('折叠屏')).toEqual(['card', 'tag', 'reply', 'paragraph'])
  expect(kinds('二十万')).toEqual(['paragraph'])
  expect(findNearly(indexes, 'zhediepign', options).map(({ kind }) => kind)).toEqual(['card', 'tag'])
  expect([wouldFind(indexes, 'jl', options), wouldFind(indexes, 'jl5', options)]).toEqual([true, false])
})

test('a short code comes first, and a slash before it is only a habit', () => {
  const index = createHitIndex([
    reply({ title: '通话质量', keys: 'tong hua zhi liang' }),
    reply({ title: '退换货', keys: 'tui huan huo', shortcut: 'th' }),
  ])

  const titles = (query: string) => findGroups({ reply: index }, query, options).flatMap(({ hits }) => titlesOf(hits))

  expect(titles('/th')).toEqual(['退换货', '通话质量'])
  expect(titles('th')).toEqual(['退换货', '通话质量'])
})

test('names of variables are found by nobody; folders and words of the text are', () => {
  const index = createHitIndex([
    reply({
      title: '问候',
      keys: 'wen hou',
      folder: '售后',
      parts: [{ type: 'text', text: '{{customer.name|亲}}，晚上好' }],
    }),
  ])
  const count = (query: string) => findGroups({ reply: index }, query, options).length

  expect(['customer', 'name', '亲', '晚上', '售后'].map(count)).toEqual([0, 0, 0, 1, 1])
})

test('the likeliest come first: at this time of day, by own use, by all, about a tag; what is over comes last', () => {
  const [now, own, team, tagged, over, rest] = [
    quickReply({ title: '现在' }),
    quickReply({ title: '自己', ownUses: 8 }),
    quickReply({ title: '大家', teamUses: 8 }),
    quickReply({ title: '华为以旧换新', folder: '活动' }),
    quickReply({ title: '过期', ownUses: 99 }),
    quickReply({ title: '其他' }),
  ]
  const marks = replyMarks({ usedNow: { [now.id]: 8 }, expired: [over.id] })

  const ranked = rankReplies([over, rest, tagged, team, own, now], { marks, tags: [tags.huawei] })

  expect(ids(ranked)).toEqual(ids([now, own, tagged, team, rest, over]))
})

test('an order holds for the visit; what is new stands in front', () => {
  const place = createPlaces()
  const [a, b, c] = [quickReply({}), quickReply({}), quickReply({})]

  expect(ids(place([a, b]))).toEqual(ids([a, b]))
  expect(ids(place([b, a]))).toEqual(ids([a, b]))
  expect(ids(place([b, c, a]))).toEqual(ids([c, a, b]))
})

test('own replies stand as the guide has put them, the others after them', () => {
  const [a, b, c] = [quickReply({}), quickReply({}), quickReply({})]

  expect(ids(toOwnOrder([a, b, c], [c.id, a.id]))).toEqual(ids([c, a, b]))
})

test('a row says why it was found and what to be careful about', async () => {
  const translations = createTranslations()
  await translations.complete()
  const old = quickReply({ title: '退换货', parts: [{ type: 'text', text: '您好，本店支持七天无理由退货，请放心' }] })
  const toRow = createHitRows({
    t: translations.t,
    format: createFormat('zh-CN'),
    values: toReplyValues(context()),
    expired: new Set([old.id]),
    unused: new Set([old.id]),
    tagIds: new Set([tags.huawei.tagId]),
  })

  const byBody = toRow({ kind: 'reply', reply: old }, [], '无理由')
  const byName = toRow({ kind: 'reply', reply: old }, [[0, 2]], 'th')

  expect(byBody.summary).toEqual({ pieces: [{ plain: '…好，本店支持七天', marked: '无理由' }], rest: '退货，请放心' })
  expect(byBody.caution).toBe('已过期')
  expect(byName.title).toEqual({ pieces: [{ plain: '', marked: '退换' }], rest: '货' })
  expect(toRow(tag, [], '').badges).toBe('已打')
})
