import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

test('a guide signs in through WeCom and sees the customer of the chat', async ({ world }) => {
  const { guide, customer } = await world.follow({ tags: ['新客'], remark: '王女士' })

  const response = await world.as(guide).get(`/context?externalUserId=${customer.externalUserId}`)

  expect(response.statusCode).toBe(200)
  expect(response.body.guide).toMatchObject({ userId: guide.userId, storeName: '天河店' })
  expect(response.body.relation).toMatchObject({ remark: '王女士', tags: [{ name: '新客' }] })
})
