const reachable =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"])'

/** Keeps Tab inside an element: from the last stop it goes to the first, and back. */
export function keepFocusInside(container: HTMLElement, event: KeyboardEvent): void {
  const stops = [...container.querySelectorAll<HTMLElement>(reachable)].filter((stop) => stop.tabIndex >= 0)
  const first = stops[0]
  const last = stops[stops.length - 1]
  if (!first || !last) {
    event.preventDefault()
    return
  }
  const here = document.activeElement
  const outside = !container.contains(here)
  if (event.shiftKey ? here === first || here === container || outside : here === last || outside) {
    event.preventDefault()
    ;(event.shiftKey ? last : first).focus()
  }
}
