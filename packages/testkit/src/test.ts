import { inject, test as base } from 'vitest'

import { startWorld, type World, type WorldOptions } from './world.ts'

/** How a file's worlds differ from the usual: `test.override({ worldOptions: … })`. */
export type WorldFixtures = { worldOptions: Partial<WorldOptions>; world: World }

/** Vitest's `test` with a `world` of its own for each test that asks for one. */
export const test = base.extend<WorldFixtures>({
  worldOptions: {},
  world: async ({ worldOptions }, use) => {
    const world = await startWorld({ mongoUri: inject('mongoUri'), ...worldOptions })
    await use(world)
    await world.close()
  },
})
