import type { TestBrowser } from '@guidebar/testkit'

import type { Stage } from '../access/stage.ts'
import type { PromiseResult } from '../drill.ts'

/** People with sessions of their own, so that what is done to these harms nobody else on the stage. */
export type Session = { guide: TestBrowser; admin: TestBrowser }
export type Rule = Stage['world']['app']['routeRules'][number]

export const signInBoth = async ({ world }: Stage): Promise<Session> => ({
  guide: await world.signInFresh('guide', 'Follower'),
  admin: await world.signInFresh('admin', 'TestAdmin'),
})

export const isUnsafe = ({ method }: Rule) => method === 'POST' || method === 'PUT'
/** The address of a route with ids that nobody has. */
export const addressOf = (url: string) => url.replace(/:\w+|\*/g, 'a'.repeat(24))

/** Whose session a route takes; the others have a drill of their own or no session. */
export function callerOf({ access, url }: Rule, { guide, admin }: Session): TestBrowser | null {
  if (url.endsWith('/logout')) return null
  return access === 'guide' ? guide : access === 'admin' ? admin : null
}

/** @param wrong what was not as promised, in words; only its beginning is told */
export function judge(id: string, want: string, wrong: string[], asked: number, unit: string): PromiseResult {
  const got = wrong.length === 0 ? `${asked} ${unit}` : `${wrong.length} of ${asked}: ${wrong.slice(0, 8).join('; ')}`
  return { id, want, got, held: wrong.length === 0 && asked > 0 }
}

/** The value below which this share of all lie; 0 for none. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Evenly over all, another beginning for each seed. */
export function spread<T>(all: T[], most: number, seed: number): T[] {
  const step = Math.max(1, Math.ceil(all.length / most))
  return all.filter((_, at) => at % step === seed % step)
}
