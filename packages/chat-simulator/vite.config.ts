import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The simulator's own page: an ordinary, current browser shows it, unlike the panel inside it. */
export default defineConfig({
  base: '/__sim/',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: false },
  build: { outDir: 'dist', emptyOutDir: true, target: 'chrome120' },
})
