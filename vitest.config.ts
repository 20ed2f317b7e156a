import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** One runner for everything: what a test needs decides the project it belongs to. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
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
          include: ['apps/{sidebar,admin}/src/**/*.test.ts', 'packages/ui/src/**/*.test.ts'],
          environment: 'happy-dom',
          testTimeout: 30_000,
          server: { deps: { inline: ['@wecom/jssdk'] } },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['packages/acceptance/src/**/*.test.ts'],
          globalSetup: ['packages/acceptance/src/demo.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'drills',
          include: ['packages/drills/src/**/*.test.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
    maxWorkers: 2,
  },
})
