import {
  BrokenCircuitError,
  CircuitState,
  SamplingBreaker,
  circuitBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import type { EndpointFamily } from './endpoints.ts'
import { WecomUnavailable } from './errors.ts'

/** Failures that say something about WeCom or the way to it, not about one call of ours. */
const REASONS = new Set(['connect', 'timeout', 'socket', 'status', 'not-json', 'redirect'])

/** `half-open`: a probe is under way, or the next call is one. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/**
 * One circuit breaker a family: it opens when half of at least 20 calls in 10 seconds fail, and lets a probe through
 * every 5 seconds.
 */
export function createBreakers() {
  const breakers = new Map<EndpointFamily, CircuitBreakerPolicy>()
  const breakerOf = (family: EndpointFamily) => {
    const breaker =
      breakers.get(family) ??
      circuitBreaker(
        handleWhen((error) => error instanceof WecomUnavailable && REASONS.has(error.reason)),
        { halfOpenAfter: 5_000, breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 }) },
      )
    breakers.set(family, breaker)
    return breaker
  }

  return {
    states: () => [...breakers].map(([family, { state }]) => ({ family, state: toState(state) })),

    /** @throws WecomUnavailable `circuit-open`, not sent */
    async run<T>({ family, path }: { family: EndpointFamily; path: string }, call: () => Promise<T>): Promise<T> {
      try {
        return await breakerOf(family).execute(call)
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error
        throw new WecomUnavailable({ reason: 'circuit-open', outcome: 'not-sent', path })
      }
    },
  }
}

const toState = (state: CircuitState): BreakerState =>
  state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open'
