/** Counts the changes of the corp, so that somebody who keeps a copy knows whether it is still good. */
export function createChangeCounter() {
  let count = 0
  return {
    add() {
      count += 1
    },
    count: () => count,
  }
}

export type ChangeCounter = ReturnType<typeof createChangeCounter>
