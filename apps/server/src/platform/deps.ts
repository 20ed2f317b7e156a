import type { CallbackCrypto, WecomClient } from '@guidebar/wecom'
import type { FastifyBaseLogger } from 'fastify'
import type { Connection } from 'mongoose'

import type { Config } from './config.ts'
import type { CorpUpstream } from './upstream/corp-upstream.ts'
import type { WecomHealth } from './wecom-health.ts'

/** One configured corp with everything that speaks for it. */
export type Corp = {
  corpId: string
  agentId: string
  wecom: WecomClient
  /** null when no callback settings are given; then no callback is accepted. */
  callback: CallbackCrypto | null
  health: WecomHealth
  /** What its calls to WeCom are held to, and what they have shown. */
  upstream: CorpUpstream
}

export type Corps = {
  get(corpId: string): Corp | undefined
  /** The corp that this installation serves, whose people sign in here; null until it is set up. */
  readonly default: Corp | null
  all(): Corp[]
}

export type Clock = { now(): Date }

/** What every feature may be given. */
export type PlatformDeps = { db: Connection; corps: Corps; config: Config; clock: Clock; log: FastifyBaseLogger }

export const systemClock: Clock = { now: () => new Date() }

export function createCorps(first: Corp, ...others: Corp[]): Corps {
  const byId = new Map([first, ...others].map((corp) => [corp.corpId, corp]))
  return { get: (corpId) => byId.get(corpId), default: first, all: () => [...byId.values()] }
}
