import { useServices } from '../platform/services.ts'

const storedName = 'guidebar.signed-in-again'
const pauseMs = 60_000

/** What to do when the page belongs to a session that is over, or to another guide: forget everything and start anew. */
export function useSignOutGuard() {
  const { boot, memory, reload } = useServices()

  /** Once a minute at most: a sign-in that does not help must not go round in circles. */
  function signInAgain() {
    void memory?.wipe().then(() => {
      if (wasJustTried()) return
      reload()
    })
    if (!memory && !wasJustTried()) reload()
  }
  return {
    signInAgain,
    isSomebodyElse(userId: string): boolean {
      if (userId === boot.guide.userId) return false
      signInAgain()
      return true
    },
  }
}

function wasJustTried(): boolean {
  try {
    const last = Number(sessionStorage.getItem(storedName))
    if (Date.now() - last < pauseMs) return true
    sessionStorage.setItem(storedName, String(Date.now()))
    return false
  } catch {
    return true
  }
}
