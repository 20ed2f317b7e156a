import { focusManager, QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { ApiError } from '@guidebar/api-client'
import '@guidebar/ui/tokens.css'
import { createApp, type App as VueApp } from 'vue'

import App from './app/App.vue'
import './start/start.css'
import './app/app.css'
import { applyCorpColour } from './platform/corp-colour.ts'
import { applyLanguage, createTranslations, readLanguageChoice, translationsKey } from './platform/i18n.ts'
import { createServices, servicesKey } from './platform/services.ts'
import type { GuidebarStart } from './start/start.types.ts'

const nothingStarted: GuidebarStart = {
  boot: null,
  chat: Promise.resolve({ refused: { code: 'OUTSIDE_WECOM', message: 'no start script' } }),
  signatures: Promise.reject(new Error('no start script')),
  calls: {},
  memory: null,
  lastKnown: null,
}
nothingStarted.signatures.catch(() => undefined)

const phoneHomeAfterMs = 3_000

async function mount() {
  const start = window.guidebarStart ?? nothingStarted
  const boot = start.boot ?? {
    corpId: '',
    agentId: '',
    guide: { userId: '', name: '', storeId: '', storeName: '' },
    sessionRef: '',
    signatures: null,
    brand: '',
  }
  applyCorpColour(boot.accent, document.styleSheets)
  const services = createServices(start, boot)
  window.addEventListener('online', () => void services.outbox.flush())

  // On a desktop the panel stays visible all day: only the window's focus says that somebody came back to it.
  focusManager.setEventListener((tell) => {
    const look = () => tell()
    window.addEventListener('visibilitychange', look)
    window.addEventListener('focus', look)
    return () => {
      window.removeEventListener('visibilitychange', look)
      window.removeEventListener('focus', look)
    }
  })
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // Without a network a call fails at once and says so, instead of waiting unseen.
        networkMode: 'always',
        refetchOnReconnect: true,
        retry: (count, error) => error instanceof ApiError && error.retry && error.code !== 'OFFLINE' && count < 2,
        retryDelay: (count, error) => {
          const wait = error instanceof ApiError ? error.retryAfterSec : null
          return Math.min(wait ? wait * 1000 : 1000 * 2 ** count, 20_000)
        },
      },
      mutations: { networkMode: 'always' },
    },
  })

  const translations = createTranslations(boot.languages)
  await applyLanguage(translations, readLanguageChoice())
  const app = createApp(App)
  app.provide(servicesKey, services)
  app.provide(translationsKey, translations)
  app.use(VueQueryPlugin, { queryClient })
  mountBehind(app, document.getElementById('app')!)
  // Long after the first view: nobody waits for it.
  setTimeout(() => void tellServer(start), phoneHomeAfterMs)
}

async function tellServer(start: GuidebarStart) {
  const { phoneHome } = await import('./platform/phone-home.ts')
  await phoneHome(start)
}

/** The grey layout, which may hold the customer's name by now, stays until the panel has more to show than it. */
function mountBehind(app: VueApp, place: HTMLElement) {
  const panel = document.createElement('div')
  const show = () => {
    if (panel.querySelector('.skeleton') || panel.isConnected) return
    waiting.disconnect()
    place.textContent = ''
    place.append(panel)
  }
  const waiting = new MutationObserver(show)
  waiting.observe(panel, { childList: true, subtree: true })
  app.mount(panel)
  show()
}

void mount()
