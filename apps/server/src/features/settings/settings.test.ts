import { test } from '@guidebar/testkit'
import { expect } from 'vitest'

import { contrastWithWhite } from './contrast.ts'

const wanted = {
  brand: { name: '天河数码', accent: '#0a5c36' },
  languages: ['zh-TW', 'zh-CN'],
  imageHosts: ['img.example.com'],
  retention: { callbackDays: 10, deadLetterDays: 60 },
}

test('what is chosen is what the sidebar opens with', async ({ world }) => {
  await world.addAdmin()
  const guide = await world.addGuide()

  const saved = await world.asAdmin().put('/settings', wanted)
  world.clock.advance(11_000)
  const page = await (await world.browserOf(guide)).get('/sidebar/')
  const home = await world.asAdmin().get('/home')

  expect(saved.body).toEqual(wanted)
  const boot = JSON.parse(/id="boot">(.*?)<\/script>/.exec(page.text)?.[1] ?? '')
  expect(boot).toMatchObject({ brand: '天河数码', accent: '#0a5c36', languages: ['zh-TW', 'zh-CN'] })
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(/img-src ([^;]*)/.exec(policy)?.[1]?.split(' ')).toEqual(
    expect.arrayContaining(['https://img.example.com', 'https://*.qlogo.cn']),
  )
  expect(policy).not.toMatch(/img-src[^;]* https:( |;)/)
  expect(home.body.brand).toBe('天河数码')
})

test('handled events are kept as long as was chosen', async ({ world }) => {
  await world.addAdmin()
  await world.asAdmin().put('/settings', wanted)
  await world.follow()
  await world.wecom.act('addCustomer', { userId: (await world.addGuide()).userId, customer: { name: '新客' } })
  await world.settle()
  const kept = () => world.db.collection('callbackEvents').countDocuments({ state: 'done' })
  const before = await kept()

  world.clock.advance(9 * 24 * 3_600_000)
  await world.services.callbacks.sweep()
  const onDayNine = await kept()
  world.clock.advance(2 * 24 * 3_600_000)
  await world.services.callbacks.sweep()

  expect(before).toBeGreaterThan(0)
  expect([onDayNine, await kept()]).toEqual([before, 0])
})

test('what cannot be is refused, and changes nothing', async ({ world }) => {
  await world.addAdmin()
  const wrong = {
    'white words cannot be read on it': { brand: { name: 'x', accent: '#ffee00' } },
    'no name': { brand: { name: '', accent: '' } },
    'no language': { languages: [] },
    'an address in place of a host': { imageHosts: ['https://img.example.com/x'] },
    'a repeat would have an effect': { retention: { callbackDays: 1, deadLetterDays: 60 } },
    'something unknown': { secret: 'x' },
  }
  const before = (await world.asAdmin().get('/settings')).body

  for (const [name, change] of Object.entries(wrong)) {
    const { statusCode } = await world.asAdmin().put('/settings', { ...wanted, ...change })
    expect(statusCode, name).toBe(400)
  }

  expect((await world.asAdmin().get('/settings')).body).toEqual(before)
})

test('contrast is as WCAG counts it', () => {
  expect(contrastWithWhite('#ffffff')).toBeCloseTo(1)
  expect(contrastWithWhite('#000000')).toBeCloseTo(21)
  expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 1)
})
