type Options = {
  /** How old an answer may be; as long as that a change by another process goes unseen. */
  ttlMs: number
  now: () => number
}

/** Enough for every guide of a large corp; beyond it the longest kept goes. */
const most = 20_000

/** Keeps what a read answered for a short while. Who asks meanwhile shares the read; one that fails is not kept. */
export function createKeptAnswers<T>({ ttlMs, now }: Options) {
  const kept = new Map<string, { until: number; answer: Promise<T> }>()

  function read(key: string, load: () => Promise<T>): Promise<T> {
    const known = kept.get(key)
    if (known && now() < known.until) return known.answer

    const entry = { until: now() + ttlMs, answer: load() }
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key)
    })
    kept.delete(key)
    kept.set(key, entry)
    const oldest = kept.size > most ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return entry.answer
  }

  return {
    read,

    /** What is kept, however old; for a change that can be made to it in place. */
    peek: (key: string): Promise<T> | undefined => kept.get(key)?.answer,

    /** The answer has changed: the next one to ask reads again. */
    forget(key: string): void {
      kept.delete(key)
    },
  }
}
