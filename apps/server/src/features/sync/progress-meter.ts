type Figures = { done: number; total: number | null; perSec: number; etaSec: number | null }

type Options = { now: () => number; report: (figures: Figures) => Promise<void> }

const reportEveryMs = 450

/** Turns «so many done» into rate and time left, and writes it down at most twice a second. */
export function createProgressMeter({ now, report }: Options) {
  const begunAt = now()
  let reportedAt = begunAt
  let doneBefore: number | null = null
  let shareBefore = 0
  let latest: Figures = { done: 0, total: null, perSec: 0, etaSec: null }

  function measure(done: number, total: number | null, share: number): Figures {
    // What an earlier attempt had done does not count for the rate.
    doneBefore ??= done
    const elapsedSec = (now() - begunAt) / 1_000
    const perSec = elapsedSec > 0 ? (done - doneBefore) / elapsedSec : 0
    const byTotal = total !== null && perSec > 0 ? (total - done) / perSec : null
    const byShare = share > shareBefore ? (elapsedSec * (1 - share)) / (share - shareBefore) : null
    const etaSec = total === null ? byShare : byTotal
    return { done, total, perSec: Math.round(perSec * 10) / 10, etaSec: etaSec === null ? null : Math.ceil(etaSec) }
  }

  return {
    begin: () => report(latest),

    /** @param share of the work that is done, 0 to 1, for when `total` is unknown */
    note: async (done: number, total: number | null, share = 0): Promise<void> => {
      if (doneBefore === null) shareBefore = share
      latest = measure(done, total, share)
      if (now() - reportedAt < reportEveryMs) return
      reportedAt = now()
      await report(latest)
    },

    end: () => report(latest),
  }
}
