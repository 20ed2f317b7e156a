/** First come, first served within a group; between groups in turn, so that no long queue holds up a short one. */
export function createFairQueue<T>() {
  const groups = new Map<string, Set<T>>()
  let size = 0

  return {
    get size() {
      return size
    },
    add(group: string, item: T) {
      const items = groups.get(group) ?? new Set()
      items.add(item)
      groups.set(group, items)
      size += 1
    },
    remove(group: string, item: T) {
      const items = groups.get(group)
      if (!items?.delete(item)) return
      size -= 1
      if (items.size === 0) groups.delete(group)
    },
    take(): T | undefined {
      const [next] = groups
      if (!next) return undefined
      const [group, items] = next
      const [item] = items
      // The group goes to the end of the line.
      groups.delete(group)
      if (items.size > 1) groups.set(group, items)
      items.delete(item as T)
      size -= 1
      return item
    },
    takeAll(): T[] {
      const all = [...groups.values()].flatMap((items) => [...items])
      groups.clear()
      size = 0
      return all
    },
  }
}
