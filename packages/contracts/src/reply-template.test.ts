import { expect, test } from 'vitest'

import { findReplyFaults } from './reply-faults.ts'
import { findBlanks, isUnfilled, renderReply } from './reply-template.ts'

test('a variable without a value takes its fallback', () => {
  const text = '{{customer.name|亲}}您好，我是{{store.name}}的{{guide.name}}'

  const filled = renderReply(text, { 'store.name': '天河店', 'guide.name': '小美' })

  expect(filled).toBe('亲您好，我是天河店的小美')
})

test('a customer variable without a fallback cannot be saved', () => {
  expect(findReplyFaults('{{customer.name}}您好')).toEqual([{ reason: 'missing-fallback', text: '{{customer.name}}' }])
  expect(findReplyFaults('{{customer.name|}}您好')).toEqual([
    { reason: 'missing-fallback', text: '{{customer.name|}}' },
  ])
})

test('unknown variables and broken braces are named', () => {
  expect(findReplyFaults('{{order.no}}').map((fault) => fault.reason)).toEqual(['unknown-variable'])
  expect(findReplyFaults('您好 {{guide.name').map((fault) => fault.reason)).toEqual(['broken-braces'])
  expect(findReplyFaults('{{guide.name}}，您好')).toEqual([])
})

test('a value that looks like a variable stays what it is', () => {
  expect(renderReply('{{customer.name|亲}}', { 'customer.name': '{{guide.name}}' })).toBe('{{guide.name}}')
})

test('blanks are found in their order, filled by hand, and stay when they are not', () => {
  const text = '定金[[金额]]元，尾款[[金额]]元，{{store.name}}见'

  expect(findBlanks(text)).toEqual(['金额', '金额'])
  expect(renderReply(text, { 'store.name': '天河店' }, ['200', ' '])).toBe('定金200元，尾款[[金额]]元，天河店见')
  expect([isUnfilled(text), isUnfilled('定金 200 元')]).toEqual([true, false])
})

test('blanks without a label, too long ones and single brackets are named', () => {
  const reasons = (text: string) => findReplyFaults(text).map((fault) => fault.reason)

  expect(reasons('[[ ]]')).toEqual(['broken-blank'])
  expect(reasons(`[[${'长'.repeat(21)}]]`)).toEqual(['broken-blank'])
  expect(reasons('[[金额')).toEqual(['broken-blank'])
  expect(reasons('[[金额]] 数组[0] 没事')).toEqual([])
})

test('days are counted from today, also over the end of a year; further facts need a fallback', () => {
  expect(renderReply('{{date}}到{{date+7}}', { date: '2026-12-28' })).toBe('12月28日到1月4日')
  expect(renderReply('{{date+7|下周}}', {})).toBe('下周')
  expect(findReplyFaults('{{date+1}}{{date+1000}}').map(({ text }) => text)).toEqual(['{{date+1000}}'])
  expect(findReplyFaults('{{order.last.no}}').map(({ reason }) => reason)).toEqual(['missing-fallback'])
  expect(renderReply('{{customer.tier|会员}}', { 'customer.tier': '金卡' })).toBe('金卡')
})
