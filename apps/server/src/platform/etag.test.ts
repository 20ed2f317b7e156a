import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

test('a list that did not change is not sent again', async ({ world }) => {
  await world.addTags(['新客'])
  const guide = world.as(await world.addGuide())
  const first = await guide.get('/tag-groups')
  const etag = first.headers.get('etag') ?? ''
  const ask = (known: string) => guide.get('/tag-groups', { headers: { 'if-none-match': known } })

  const [same, strong, several, other] = [
    await ask(etag),
    await ask(etag.replace('W/', '')),
    await ask(`"x", ${etag}`),
    await ask('"x"'),
  ]

  expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
  expect([same, strong, several, other].map(({ statusCode }) => statusCode)).toEqual([304, 304, 304, 200])
  expect([same.text, same.headers.get('etag')]).toEqual(['', etag])
  world.clock.advance(3_000)
  await world.addTags(['老客'])
  expect((await ask(etag)).statusCode).toBe(200)
})
