import type { EmulatorSettings } from '../control-contract.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { EmulatorClock } from './clock.ts'

interface Window {
  startSec: number
  count: number
}

/** Counts one more in a window of fixed length. @returns how many are in it now */
function countIn(windows: Map<string, Window>, key: string, nowSec: number, lengthSec: number): number {
  let window = windows.get(key)
  if (!window || nowSec - window.startSec >= lengthSec) {
    window = { startSec: nowSec, count: 0 }
    windows.set(key, window)
  }
  window.count += 1
  return window.count
}

/** Frequency and concurrency rules of the platform. A limit of 0 is no limit. */
export function createLimitStore(clock: EmulatorClock, settings: () => EmulatorSettings) {
  const minutes = new Map<string, Window>()
  const hours = new Map<string, Window>()
  const blockedUntilSec = new Map<string, number>()
  const inFlight = new Map<string, number>()
  const pairs = new Set<string>()

  function check(key: string, perMinute: number, perHour: number) {
    const nowSec = clock.nowSec()
    if ((blockedUntilSec.get(key) ?? 0) > nowSec) throw new WecomFault(45009)
    if (perHour > 0 && countIn(hours, key, nowSec, 3600) > perHour) {
      blockedUntilSec.set(key, nowSec + 3600)
      throw new WecomFault(45009)
    }
    if (perMinute > 0 && countIn(minutes, key, nowSec, 60) > perMinute) {
      blockedUntilSec.set(key, nowSec + 60)
      throw new WecomFault(45009)
    }
  }

  return {
    /** @throws WecomFault 45009 */
    checkFrequency: (path: string) => check(path, settings().limits.perMinute, settings().limits.perHour),
    /** A quota of its own beside those of the settings. @throws WecomFault 45009 */
    checkQuota: (id: string, path: string, { perMinute = 0, perHour = 0 }: { perMinute?: number; perHour?: number }) =>
      check(`quota ${id} ${path}`, perMinute, perHour),
    /** @throws WecomFault 45009 */
    checkTickets: () => check('tickets', 0, settings().limits.ticketsPerHour),
    /** @throws WecomFault 45009 while the address is shut out */
    checkSecretBan(ip: string) {
      if ((blockedUntilSec.get(`secret ${ip}`) ?? 0) > clock.nowSec()) throw new WecomFault(45009)
    },
    countWrongSecret(ip: string) {
      const { wrongSecrets } = settings().limits
      if (wrongSecrets > 0 && countIn(hours, `secret ${ip}`, clock.nowSec(), 3600) >= wrongSecrets) {
        blockedUntilSec.set(`secret ${ip}`, clock.nowSec() + 3600)
      }
    },
    /** @returns false when the member already got too many messages */
    allowsMessage(userId: string): boolean {
      const { messagesPerMemberMinute: perMinute, messagesPerMemberHour: perHour } = settings().limits
      const inMinute = countIn(minutes, `message ${userId}`, clock.nowSec(), 60)
      const inHour = countIn(hours, `message ${userId}`, clock.nowSec(), 3600)
      return (perMinute === 0 || inMinute <= perMinute) && (perHour === 0 || inHour <= perHour)
    },
    /** Counts a call as running. @returns how to end it. @throws WecomFault 45033 when too many run */
    enter(path: string): () => void {
      const { concurrent } = settings().limits
      const running = inFlight.get(path) ?? 0
      if (concurrent > 0 && running >= concurrent) throw new WecomFault(45033)
      inFlight.set(path, running + 1)
      return () => inFlight.set(path, (inFlight.get(path) ?? 1) - 1)
    },
    running: (path: string) => inFlight.get(path) ?? 0,
    /** Locks one pair of guide and customer. @returns how to unlock. @throws WecomFault 45035 when it is locked */
    lockPair(pair: string): () => void {
      if (pairs.has(pair)) throw new WecomFault(45035)
      pairs.add(pair)
      return () => pairs.delete(pair)
    },
  }
}
