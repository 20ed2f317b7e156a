import { AsyncLocalStorage } from 'node:async_hooks'

/** The request that work is done for. */
export type RequestOrigin = {
  ip: string
  requestId: string
  /** Who really acts, where that is not who it is done as. */
  actorUserId?: string
  /** Whether anything of it is on record already. */
  isNoted: boolean
}

const origins = new AsyncLocalStorage<RequestOrigin>()

export const runWithOrigin = <T>(origin: RequestOrigin, work: () => T): T => origins.run(origin, work)
/** @returns undefined for work that no request asked for */
export const currentOrigin = (): RequestOrigin | undefined => origins.getStore()
