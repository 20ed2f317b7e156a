export * from './callback-crypto.ts'
export * from './callback-xml.ts'
export type { BreakerState } from './breakers.ts'
export {
  callPurposes,
  type CallHooks,
  type CallOptions,
  type CallPurpose,
  type CallReport,
  type Lane,
} from './caller.ts'
export * from './client.ts'
export { createClockOffset, type ClockOffset } from './clock-offset.ts'
export type { WecomClock } from './clock.ts'
export * from './endpoints.ts'
export { isConfigurationErrcode, WecomError, WecomUnavailable, type UnavailableReason } from './errors.ts'
export { ourQuota, publishedQuota, type ApiStanding, type Quota } from './limits/api-state.ts'
export {
  createLimiter,
  type CallLimiter,
  type CallPermit,
  type CallPlan,
  type Limiter,
  type LimiterOptions,
} from './limits/limiter.ts'
export {
  createMemoryStates,
  withLocalFallback,
  type Change,
  type LocalFallbackOptions,
  type SharedStates,
} from './limits/shared-states.ts'
export * from './links.ts'
export type * from './model.ts'
export { redactUrl } from './redact.ts'
export { createTokenSource, type FetchedToken, type TokenSource, type TokenSourceOptions } from './token-source.ts'
export { createMemoryTokenStore, type StoredToken, type TokenStore } from './token-store.ts'
export type { WecomEvent, WecomEventName, WecomEventOf, WecomPacket } from './wire/events.ts'
