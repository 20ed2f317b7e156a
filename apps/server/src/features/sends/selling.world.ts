import { startWorld } from '@guidebar/testkit'
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'

import type { GuidePrincipal } from '../../platform/access.ts'

const stores = [
  { id: 101, name: '天河店', parentId: 1 },
  { id: 102, name: '越秀店', parentId: 1 },
]
const dayMs = 24 * 3_600_000
export const appId = 'wx1234567890abcdef'
/** A PNG of one pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export type SellingWorld = Awaited<ReturnType<typeof startSelling>>

/** A world on the 21st of November 2026 at noon in Beijing, with two guides of two stores and one of another corp. */
export async function startSelling() {
  const world = await startWorld({ mongoUri: inject('mongoUri') })
  const setTime = (to: Date) => world.clock.advance(to.getTime() - world.clock.now().getTime())
  setTime(new Date('2026-11-21T04:00:00Z'))
  const foreign = await world.otherCorp()
  const twin = await world.startTwin()
  await world.wecom.load({ departments: stores })
  const guide = await world.addGuide({ departmentIds: [101] })
  const colleague = await world.addGuide({ departmentIds: [102] })
  const foreigner = await foreign.addGuide()

  return {
    ...world,
    services: world.services,
    /** The same services in a second process on the same database. */
    twin: twin.services,
    foreign,
    guide,
    colleague,
    foreigner,
    setTime,
    now: () => world.clock.now(),
    passDays: (days: number) => world.clock.advance(days * dayMs),

    /** A customer of this guide, in WeCom and here. */
    async addCustomerOf(owner: GuidePrincipal): Promise<string> {
      const home = owner.corpId === world.corpId ? world : foreign
      const relation = await home.follow({ guide: { ...guide, ...owner } })
      return relation.customer.externalUserId
    },

    /** A published card of the corp. */
    async publishCard(corpId = world.corpId, title = `卡片 ${randomUUID().slice(0, 8)}`): Promise<string> {
      await world.services.cards.linkProgram(corpId, { appId, name: '天河数码' })
      return world.services.cards.saveCard(corpId, {
        kind: 'product',
        title,
        coverUrl: 'https://cdn.example.com/cover.png',
        appId,
        pathTemplate: 'pages/goods/detail.html?sku={sku}&store={store}&t={token}',
        sku: 'IP 17/红',
        priceFen: 599_900,
        status: 'published',
      })
    },
  }
}
