import type { Drill } from './drill.ts'

/** Every drill by name, in the order of `all`. */
export const drills: Record<string, () => Promise<{ run: Drill }>> = {
  callbacks: () => import('./callbacks/callbacks.drill.ts'),
  storm: () => import('./storm/storm.drill.ts'),
  forged: () => import('./forged/forged.drill.ts'),
  kill: () => import('./kill/kill.drill.ts'),
  tokens: () => import('./tokens/tokens.drill.ts'),
  limits: () => import('./limits/limits.drill.ts'),
  'two-servers': () => import('./two-servers/two-servers.drill.ts'),
  access: () => import('./access/access.drill.ts'),
  web: () => import('./web/web.drill.ts'),
  outage: () => import('./outage/outage.drill.ts'),
  'panel-soak': () => import('./panel-soak/panel-soak.drill.ts'),
}
