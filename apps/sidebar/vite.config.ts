import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

import { bareImports } from './build/bare-imports.ts'
import { inlineFirstPaint } from './build/inline-first-paint.ts'
import { plainFields } from './build/plain-fields.ts'

/** The oldest engines WeCom's clients bring along; syntax is lowered to them, newer functions are not used. */
const target = ['chrome77', 'safari13.1']

export default defineConfig({
  base: '/sidebar/',
  plugins: [
    vue(),
    bareImports(),
    plainFields('@tanstack/query-core'),
    inlineFirstPaint({ start: 'src/start/start.ts', target }),
  ],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  build: {
    target,
    cssTarget: target,
    // The first view's looks stand inline in the page as one sheet; what comes later has a file of its own.
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Without these the lowering writes each field with a helper, for cases that no code here has.
      transform: { assumptions: { setPublicClassFields: true, pureGetters: true, noDocumentAll: true } },
      // One file for the whole first view: a file shared with lazy parts would be one more to wait for.
      output: { codeSplitting: { groups: [{ name: 'panel', tags: ['$initial'] }] } },
    },
  },
})
