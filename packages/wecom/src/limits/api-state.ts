import type { Lane } from '../caller.ts'

/** What one corp may call one API. */
export interface Quota {
  perMinute: number
  perHour: number
}

/** For one corp and one API. @see https://developer.work.weixin.qq.com/document/path/90312 */
export const publishedQuota: Quota = { perMinute: 10_000, perHour: 150_000 }

/** We stop well before WeCom does: other programs of the corp may call the same API. */
const OUR_SHARE = 0.6
/** Of ours, what background work may use; the rest is for people at the panel. */
const BACKGROUND_SHARE = 0.8
const WINDOWS = { minute: { lengthMs: 60_000, slotMs: 5_000 }, hour: { lengthMs: 3_600_000, slotMs: 300_000 } }
/** Calls come at an even pace, but for as many as this time would bring. */
const BURST_MS = 2_000
const LEAST_BURST = 4
const PROBE_MS = 15_000

/** Calls booked in a part of a window. */
interface Slot {
  at: number
  all: number
  background: number
}

/** Closed after WeCom said 45009. */
interface Gate {
  until: number
  firstRefusedAt: number
  /** The one call that finds out whether it is over. */
  probe: { holder: string; until: number } | null
}

/** What all processes together have booked of one API. Times are the shared store's. */
export interface ApiState {
  minute: Slot[]
  hour: Slot[]
  /** Up to here the pace is used up. */
  pacedTo: number
  backgroundPacedTo: number
  gate: Gate | null
}

export interface BookingRequest {
  lane: Lane
  want: number
  /** Which process asks. */
  holder: string
  quota: Quota
}

/** `closedMs` > 0: WeCom wants no calls for so long. Else, when nothing is granted, `waitMs` says when to ask again. */
export interface Booking {
  granted: number
  isProbe: boolean
  waitMs: number
  closedMs: number
}

/** Before any clock's beginning; some of them count from their process's start. */
const LONG_AGO = -1e15
const fresh: ApiState = { minute: [], hour: [], pacedTo: LONG_AGO, backgroundPacedTo: LONG_AGO, gate: null }

/** What is ours of a published quota. */
export const ourQuota = ({ perMinute, perHour }: Quota): Quota => ({
  perMinute: perMinute * OUR_SHARE,
  perHour: perHour * OUR_SHARE,
})

/** Books calls for one process. @param share its part of the quota, 0 to 1 */
export function bookCalls(
  state: ApiState | null,
  { lane, want, holder, quota }: BookingRequest,
  nowMs: number,
  share: number,
): { state: ApiState; answer: Booking } {
  const known = state ?? fresh
  const { gate } = known
  if (gate) {
    const closedMs = gate.until > nowMs ? gate.until - nowMs : Math.min(1_000, (gate.probe?.until ?? 0) - nowMs)
    if (closedMs > 0) return { state: known, answer: { granted: 0, isProbe: false, waitMs: 0, closedMs } }
    const probed = { ...gate, probe: { holder, until: nowMs + PROBE_MS } }
    const booked = spend({ ...known, gate: probed }, { lane, count: 1, msPerCall: 0 }, nowMs)
    return { state: booked, answer: { granted: 1, isProbe: true, waitMs: 0, closedMs: 0 } }
  }

  const ours = ourQuota(quota)
  const isBackground = lane === 'background'
  const msPerCall = 60_000 / (ours.perMinute * share)
  const paces = [freeByPace(known.pacedTo, msPerCall, nowMs)]
  if (isBackground) paces.push(freeByPace(known.backgroundPacedTo, msPerCall / BACKGROUND_SHARE, nowMs))
  const rooms = [
    roomIn('minute', known.minute, ours.perMinute * share, isBackground, nowMs),
    roomIn('hour', known.hour, ours.perHour * share, isBackground, nowMs),
  ]
  const free = [...paces, ...rooms]
  const granted = Math.max(0, Math.min(want, ...free.map(({ count }) => count)))
  if (granted === 0) {
    const waitMs = Math.ceil(Math.max(1, ...free.filter(({ count }) => count < 1).map((one) => one.waitMs)))
    return { state: known, answer: { granted, isProbe: false, waitMs, closedMs: 0 } }
  }
  const booked = spend(known, { lane, count: granted, msPerCall }, nowMs)
  return { state: booked, answer: { granted, isProbe: false, waitMs: 0, closedMs: 0 } }
}

/**
 * Closes the gate after 45009: for a minute; when the probe is refused too the hour is full, and the gate stays closed
 * until an hour after the first refusal.
 * @param jitter 0 to 1
 */
export function noteRefusal(
  state: ApiState | null,
  { isProbe, jitter }: { isProbe: boolean; jitter: number },
  nowMs: number,
): { state: ApiState; answer: { closedMs: number } } {
  const known = state ?? fresh
  const { gate } = known
  const { minute, hour } = WINDOWS
  // Calls that were under way when the gate closed are refused as well; they do not lengthen it.
  if (gate && !isProbe) return { state: known, answer: { closedMs: Math.max(gate.until - nowMs, 1_000) } }
  const hourEndsAt = gate ? gate.firstRefusedAt + hour.lengthMs : 0
  const isSameHour = hourEndsAt > nowMs + minute.lengthMs
  const endsAt = gate ? (isSameHour ? hourEndsAt : nowMs + hour.lengthMs) : nowMs + minute.lengthMs
  const until = endsAt + jitter * 0.1 * minute.lengthMs
  const firstRefusedAt = gate && isSameHour ? gate.firstRefusedAt : nowMs
  return {
    state: { ...known, gate: { until, firstRefusedAt, probe: null } },
    answer: { closedMs: until - nowMs },
  }
}

/** Ends a probe that was not refused: WeCom lets us in again, or did not answer and is asked once more. */
export function noteProbe(
  state: ApiState | null,
  { holder, letIn }: { holder: string; letIn: boolean },
): { state: ApiState | null; answer: null } {
  if (!state?.gate || state.gate.probe?.holder !== holder) return { state, answer: null }
  return { state: { ...state, gate: letIn ? null : { ...state.gate, probe: null } }, answer: null }
}

/** How much of an API is booked, and whether it is closed. */
export interface ApiStanding {
  bookedMinute: number
  bookedHour: number
  closedMs: number
}

export function readStanding(state: ApiState | null, nowMs: number): ApiStanding {
  const { minute, hour, gate } = state ?? fresh
  return {
    bookedMinute: sum(living('minute', minute, nowMs), 'all'),
    bookedHour: sum(living('hour', hour, nowMs), 'all'),
    closedMs: Math.max(0, (gate?.until ?? 0) - nowMs),
  }
}

const living = (name: keyof typeof WINDOWS, slots: Slot[], nowMs: number) =>
  slots.filter(({ at }) => at + WINDOWS[name].lengthMs > nowMs)

const sum = (slots: Slot[], key: 'all' | 'background') => slots.reduce((total, slot) => total + slot[key], 0)

function roomIn(name: keyof typeof WINDOWS, slots: Slot[], limit: number, isBackground: boolean, nowMs: number) {
  const inside = living(name, slots, nowMs)
  const rooms = [limit - sum(inside, 'all')]
  if (isBackground) rooms.push(limit * BACKGROUND_SHARE - sum(inside, 'background'))
  const waitMs = inside[0] ? inside[0].at + WINDOWS[name].lengthMs - nowMs : WINDOWS[name].slotMs
  return { count: Math.floor(Math.min(...rooms)), waitMs }
}

/** A pace that rested has saved up a small burst, and no more. */
const sinceRest = (pacedTo: number, msPerCall: number, nowMs: number) =>
  Math.max(pacedTo, nowMs - Math.max(BURST_MS, LEAST_BURST * msPerCall))

function freeByPace(pacedTo: number, msPerCall: number, nowMs: number) {
  const base = sinceRest(pacedTo, msPerCall, nowMs)
  // Rounding must not turn a whole call into a little less than one.
  return { count: Math.floor((nowMs - base) / msPerCall + 1e-6), waitMs: base + msPerCall - nowMs }
}

function spend(
  state: ApiState,
  { lane, count, msPerCall }: { lane: Lane; count: number; msPerCall: number },
  nowMs: number,
): ApiState {
  const background = lane === 'background' ? count : 0
  const slowerMs = msPerCall / BACKGROUND_SHARE
  return {
    ...state,
    minute: addTo('minute', state.minute, { all: count, background }, nowMs),
    hour: addTo('hour', state.hour, { all: count, background }, nowMs),
    pacedTo: sinceRest(state.pacedTo, msPerCall, nowMs) + count * msPerCall,
    backgroundPacedTo: background
      ? sinceRest(state.backgroundPacedTo, slowerMs, nowMs) + count * slowerMs
      : state.backgroundPacedTo,
  }
}

function addTo(name: keyof typeof WINDOWS, slots: Slot[], more: Omit<Slot, 'at'>, nowMs: number): Slot[] {
  const { slotMs } = WINDOWS[name]
  const at = Math.floor(nowMs / slotMs) * slotMs
  const inside = living(name, slots, nowMs)
  const last = inside.at(-1)
  if (!last || last.at < at) return [...inside, { at, ...more }]
  return [
    ...inside.slice(0, -1),
    { at: last.at, all: last.all + more.all, background: last.background + more.background },
  ]
}
