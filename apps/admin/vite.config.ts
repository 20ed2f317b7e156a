import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/admin/',
  plugins: [vue()],
  // Admins use ordinary browsers; the panel in the chat window is the one with old engines.
  // The one large file is the charting library, which comes when a chart is shown.
  build: { target: ['chrome107', 'safari15.4'], modulePreload: { polyfill: false }, chunkSizeWarningLimit: 600 },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
  },
})
