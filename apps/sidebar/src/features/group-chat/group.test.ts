import { afterEach, expect, test } from 'vitest'

import { createFakeServices, mountPanel } from '../../testing/mount-panel.ts'
import GroupFacts from './GroupFacts.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const group = {
  chatId: 'wr-1',
  name: '新机尝鲜群',
  ownerName: '林小美',
  isOwner: false,
  members: 6,
  customers: 4,
  notice: '群内不刷屏',
  createdAt: '2026-03-05T02:00:00.000Z',
  readAt: new Date(Date.now() - 120_000).toISOString(),
}

test.each([
  [true, '我是群主'],
  [false, '林小美'],
])('a group says who leads it (own: %s), how many are in it and how old that is', async (isOwner, words) => {
  mountPanel(GroupFacts, await createFakeServices(), { group: { ...group, isOwner } })

  const facts = document.body.textContent ?? ''
  expect(facts).toContain(words)
  expect(facts).toContain('群内不刷屏')
  expect(facts).toContain('2 分钟前')
  expect([...document.querySelectorAll('.tile dd')].map((tile) => tile.textContent)).toEqual(['4', '6'])
})
