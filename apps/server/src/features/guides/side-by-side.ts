/** Works through items, some at a time; the first failure stops all, and is thrown once all have stopped. */
export async function sideBySide<T>(
  items: Iterable<T>,
  { width, signal }: { width: number; signal: AbortSignal },
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const until = AbortSignal.any([signal, failed.signal])
  const queue = items[Symbol.iterator]()
  const worker = async () => {
    try {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        until.throwIfAborted()
        await work(next.value, until)
      }
    } catch (error) {
      // The reason of the first failure stays: later ones are only its echo.
      failed.abort(error)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  signal.throwIfAborted()
  if (failed.signal.aborted) throw failed.signal.reason
}
