import type { Plugin } from 'vite'

/** Vite's helper for lazy parts loads their style sheets first; ours stand in one sheet, so a part is just imported. */
export function bareImports(): Plugin {
  return {
    name: 'guidebar:bare-imports',
    enforce: 'pre',
    load: {
      filter: { id: /^\0vite\/preload-helper\.js$/ },
      handler: () => 'export const __vitePreload = (load) => load()',
    },
  }
}
