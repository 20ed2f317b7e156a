import type { SidebarContext } from '@guidebar/contracts'

/**
 * Writes who this is into the grey layout, as soon as it is known and before the bundle can draw the panel: name and
 * tags are what a guide looks for first. Does nothing once the panel stands.
 */
export function paintWho({ customer, relation }: SidebarContext): void {
  const [words, pills] = document.querySelectorAll('#app > .skeleton span, #app > .skeleton .skeleton__block--tags')
  if (!words || !pills || !customer) return
  const { name } = customer
  const remark = relation?.remark
  fill(words, [['h1', remark || name], remark && remark !== name ? ['p', name] : ['i', '']])
  if (relation && relation.tags.length > 0)
    fill(
      pills,
      relation.tags.map((tag) => ['b', tag.name]),
    )
}

function fill(place: Element, children: [tag: string, text: string][]): void {
  place.textContent = ''
  for (const [tag, text] of children) place.appendChild(document.createElement(tag)).textContent = text
}
