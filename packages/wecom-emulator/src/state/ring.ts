/** Keeps the last `size` entries. */
export function createRing<T>(size: number) {
  let entries: T[] = []
  return {
    push(entry: T) {
      entries.push(entry)
      // Cutting seldom keeps pushing cheap.
      if (entries.length >= size * 2) entries = entries.slice(-size)
    },
    /** Newest first. */
    last: (limit = size, fits: (entry: T) => boolean = () => true): T[] => {
      const found: T[] = []
      for (
        let index = entries.length - 1;
        index >= Math.max(0, entries.length - size) && found.length < limit;
        index -= 1
      ) {
        const entry = entries[index]
        if (entry !== undefined && fits(entry)) found.push(entry)
      }
      return found
    },
    clear() {
      entries = []
    },
    count: () => Math.min(entries.length, size),
  }
}
