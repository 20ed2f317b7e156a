import type { BootFacts } from '@guidebar/contracts'

import { createIndexedDbStore } from './memory-store.ts'
import { runStart } from './run-start.ts'
import { applyTheme } from './theme.ts'

applyTheme()
matchMedia('(prefers-color-scheme: dark)').addListener(() => applyTheme())

window.guidebarStart = runStart({
  boot: JSON.parse(document.getElementById('boot')?.textContent || 'null') as BootFacts | null,
  store: createIndexedDbStore('guidebar'),
  fetch: (input, init) => fetch(input, init),
  subtle: window.crypto?.subtle,
})
