import type { BootFacts } from '@guidebar/contracts'

const placeholder = /<script\b[^>]*\bid=["']?boot["']?[^>]*>[\s\S]*?<\/script>/i

/**
 * Prepares the built page once, so that a request only joins three strings.
 * @returns a function that puts the boot facts in
 */
export function prepareSidebarHtml(html: string): (facts: BootFacts) => string {
  const [before, after] = split(html)
  return (facts) => `${before}<script type="application/json" id="boot">${toInertJson(facts)}</script>${after}`
}

/** In place of the build's own boot block; else ahead of the first script, which reads it. */
function split(html: string): [before: string, after: string] {
  const found = placeholder.exec(html)
  if (found) return [html.slice(0, found.index), html.slice(found.index + found[0].length)]
  const at = [html.search(/<script\b/i), html.search(/<\/head>/i), html.length].find((index) => index >= 0) ?? 0
  return [html.slice(0, at), html.slice(at)]
}

/** Names may hold `</script>`; without `<` the text cannot end its block. */
const toInertJson = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c')
