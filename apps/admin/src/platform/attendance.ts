/** A minute without a hand on mouse or keyboard: what the page asks for by itself then is nobody's work. */
const awayAfterMs = 60_000

let lastInputAt = Date.now()
for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
  addEventListener(kind, () => (lastInputAt = Date.now()), { capture: true, passive: true })

/** Calls of a page that nobody sits at say so: they do not keep the session from ending. */
export const fetchAttended: typeof globalThis.fetch = (input, init) =>
  Date.now() - lastInputAt < awayAfterMs
    ? fetch(input, init)
    : fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-unattended': '1' } })
