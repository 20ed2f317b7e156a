import { expect, test } from 'vitest'

import { buildCorp } from './build-corp.ts'

const now = new Date('2026-11-21T04:00:00Z')

test('the same seed gives the same corp, another seed another one', () => {
  const first = buildCorp({ customers: 200, seed: 7, now })
  const again = buildCorp({ customers: 200, seed: 7, now })
  const other = buildCorp({ customers: 200, seed: 8, now })

  expect(again).toEqual(first)
  expect(other.wecom.customers).not.toEqual(first.wecom.customers)
})

test('every relation names a guide, a customer and tags that exist', () => {
  const { wecom } = buildCorp({ customers: 300, seed: 1, now })
  const customers = new Set(wecom.customers?.map((customer) => customer.externalUserId))
  const guides = new Set(
    wecom.members?.filter((member) => member.customerContact !== false).map((member) => member.userId),
  )
  const tags = new Set(wecom.tagGroups?.flatMap((group) => group.tags.map((tag) => tag.tagId)))

  const broken = wecom.relations?.filter(
    (relation) =>
      !customers.has(relation.externalUserId) ||
      !guides.has(relation.userId) ||
      relation.tagIds?.some((id) => !tags.has(id)),
  )

  expect(broken).toEqual([])
  expect(customers.size).toBe(300)
})

test('remarks fit what WeCom takes', () => {
  const { wecom } = buildCorp({ customers: 500, seed: 1, now })

  const tooLong = wecom.relations?.filter((relation) => (relation.remark ?? '').length > 20)

  expect(tooLong).toEqual([])
})
