import type { FaultInput, FaultKind, FaultView } from '../control-contract.ts'
import { createRandom, type Random } from './random.ts'

const toPath = (path: string) => (path === '*' || path.startsWith('/') ? path : `/cgi-bin/${path}`)

interface ActiveFault extends FaultView {
  random: Random
  /** Calls that still belong to the burst of the last hit. */
  burstLeft: number
}

/** What the active faults do to one call. Quotas and limits count as a hit only when they refuse. */
export interface FaultOrder {
  outcome?: Pick<FaultInput, 'errcode' | 'httpFault' | 'afterWork'>
  latencyMs: number
  tokens: ('expire' | 'revoke')[]
  quotas: { id: string; quota: NonNullable<FaultKind['quota']>; refused: () => void }[]
  concurrent: { limit: number; refused: () => void }[]
  dateOffsetSec: number
}

/** Lasting conditions rather than mishaps of single calls. */
const isStanding = ({ quota, concurrent, dateOffsetSec, listLagMs, eventLagMs }: FaultKind) =>
  [quota, concurrent, dateOffsetSec, listLagMs, eventLagMs].some((kind) => kind !== undefined)

/** Faults that were ordered, oldest first. */
export function createFaultStore(random: Random) {
  let faults: ActiveFault[] = []
  let made = 0

  function use(fault: ActiveFault) {
    fault.hits += 1
    if (fault.count === null) return
    fault.count -= 1
    if (fault.count <= 0) faults = faults.filter((other) => other !== fault)
  }

  /** Whether this call is one of those that the fault picks. */
  function picks(fault: ActiveFault): boolean {
    if (fault.skip > 0) {
      fault.skip -= 1
      return false
    }
    if (fault.burstLeft > 0) {
      fault.burstLeft -= 1
      return true
    }
    if (fault.probability < 1 && fault.random.next() >= fault.probability) return false
    fault.burstLeft = fault.burst - 1
    return true
  }

  const matching = (path: string, fits: (fault: ActiveFault) => boolean) =>
    faults.filter((fault) => (fault.path === '*' || fault.path === path) && fits(fault))

  function takeLag(name: 'listLagMs' | 'eventLagMs'): { ms: number; path: string } | null {
    const fault = faults.find((one) => one[name] !== undefined && picks(one))
    if (!fault) return null
    use(fault)
    return { ms: fault[name] ?? 0, path: fault.path }
  }

  return {
    list: (): FaultView[] => faults.map(({ random: _, burstLeft: __, ...view }) => view),
    clear: ({ id, path }: { id?: string; path?: string } = {}) => {
      const fits = (fault: ActiveFault) =>
        (id === undefined || fault.id === id) && (path === undefined || fault.path === toPath(path))
      faults = faults.filter((fault) => !fits(fault))
    },
    add(input: FaultInput): FaultView {
      made += 1
      const seed = input.seed ?? random.below(2 ** 32)
      const view: FaultView = {
        ...input,
        id: input.id ?? `fault-${made}`,
        path: toPath(input.path),
        count: input.count === undefined ? (isStanding(input) ? null : 1) : input.count,
        probability: input.probability ?? 1,
        seed,
        skip: input.skip ?? 0,
        burst: input.burst ?? 1,
        hits: 0,
      }
      // The same id again replaces, so that a drill can turn a knob.
      faults = faults.filter((fault) => fault.id !== view.id)
      faults.push({ ...view, random: createRandom(seed), burstLeft: 0 })
      return view
    },
    /** What happens to this call; counts it down. */
    take(path: string): FaultOrder {
      const order: FaultOrder = { latencyMs: 0, tokens: [], quotas: [], concurrent: [], dateOffsetSec: 0 }
      if (faults.length === 0) return order
      for (const fault of matching(path, (one) => one.listLagMs === undefined && one.eventLagMs === undefined)) {
        const decides = fault.errcode !== undefined || fault.httpFault !== undefined
        if ((decides && order.outcome) || !picks(fault)) continue
        if (decides) order.outcome = fault
        if (fault.latencyMs !== undefined) order.latencyMs += toLatency(fault)
        if (fault.tokens) order.tokens.push(fault.tokens)
        if (fault.dateOffsetSec !== undefined) order.dateOffsetSec += fault.dateOffsetSec
        const refused = () => use(fault)
        if (fault.quota) order.quotas.push({ id: fault.id, quota: fault.quota, refused })
        else if (fault.concurrent !== undefined) order.concurrent.push({ limit: fault.concurrent, refused })
        else use(fault)
      }
      return order
    },
    /** How late the lists know of the change that is made now; null = at once. */
    takeListLag: () => takeLag('listLagMs'),
    takeEventLagMs: () => takeLag('eventLagMs')?.ms ?? 0,
  }
}

function toLatency({ latencyMs = 0, random }: ActiveFault): number {
  if (typeof latencyMs === 'number') return latencyMs
  const [minMs, maxMs] = latencyMs
  return minMs + random.next() * (maxMs - minMs)
}
