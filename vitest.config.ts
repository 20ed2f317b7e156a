import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// On a build machine that is busy with more than this a test may need a second try; the report names it.
const retry = process.env['CI'] ? 2 : 0

/** One runner for everything: what a test needs decides the project it belongs to. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          retry,
          // Generous on purpose: a busy machine must not look like a fault.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: [
            'packages/{contracts,pinyin-search,api-client,wecom,wecom-emulator,mongo,chat-simulator,testkit}/src/**/*.test.ts',
            'apps/demo/src/**/*.test.ts',
            'packages/bench/src/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'server',
          retry,
          include: ['apps/server/src/**/*.test.ts'],
          globalSetup: ['packages/testkit/src/engine.setup.ts'],
          testTimeout: 60_000,
          // A hook starts whole worlds, several at once on two cores.
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'dom',
          retry,
          include: ['apps/{sidebar,admin}/src/**/*.test.ts', 'packages/ui/src/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 30_000,
          server: { deps: { inline: ['@wecom/jssdk'] } },
        },
      },
      {
        test: {
          name: 'e2e',
          retry,
          include: ['packages/acceptance/src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'drills',
          retry,
          include: ['packages/drills/src/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
    ],
    maxWorkers: 2,
  },
})
