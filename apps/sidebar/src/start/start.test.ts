import { afterEach, expect, test, vi } from 'vitest'

import { useUserAgent } from '../testing/fake-bridge.ts'
import { bootFacts } from '../testing/fixtures.ts'

afterEach(() => {
  delete window.guidebarStart
  document.body.innerHTML = ''
  vi.resetModules()
})

test('the script in the page reads the boot facts and sets the theme before anything is painted', async () => {
  document.body.innerHTML = `<script type="application/json" id="boot">${JSON.stringify(bootFacts())}</script>`
  useUserAgent('Mozilla/5.0 Chrome/120 ColorScheme/Dark')

  await import('./start.ts')

  expect(window.guidebarStart?.boot?.guide.name).toBe('小美')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  expect(await window.guidebarStart?.chat).toMatchObject({ refused: { code: 'OUTSIDE_WECOM' } })
})

test('a page that no server filled is outside, not broken', async () => {
  document.body.innerHTML = '<script type="application/json" id="boot">\n null\n</script>'

  await import('./start.ts')

  expect(window.guidebarStart?.boot).toBeNull()
  expect(await window.guidebarStart?.chat).toMatchObject({ refused: { code: 'OUTSIDE_WECOM' } })
})
