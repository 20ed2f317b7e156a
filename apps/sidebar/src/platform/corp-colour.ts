/**
 * Puts the corp's own colour in place of ours, where white words are read on it: in the light theme. A rule that is put
 * in by script needs no exception in the page's policy.
 * @param accent `#rrggbb`; empty for ours
 */
export function applyCorpColour(accent: string | undefined, sheets: ArrayLike<CSSStyleSheet>): void {
  const sheet = sheets[0]
  if (!sheet || !accent || !/^#[0-9a-f]{6}$/.test(accent)) return
  const colours = `--accent:${accent};--accent-strong:${mix(accent, 0, 0.2)};--accent-soft:${mix(accent, 255, 0.9)}`
  sheet.insertRule(`:root:not([data-theme='dark']){${colours}}`, sheet.cssRules.length)
}

/** @param share how much of black (0) or white (255) is in it */
function mix(colour: string, other: 0 | 255, share: number): string {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  return `#${channels.map((one) => toHex(Math.round(one * (1 - share) + other * share))).join('')}`
}

const toHex = (channel: number) => channel.toString(16).padStart(2, '0')
