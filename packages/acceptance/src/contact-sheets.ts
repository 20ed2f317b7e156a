export interface Sheet {
  /** `panel-light-1`: product, theme and, when one is not enough, which. */
  name: string
  /** In the order they stand on the sheet. */
  files: string[]
  /** How wide a picture is drawn. */
  columnPx: number
}

const products = {
  panel: { columnPx: 300, most: 20 },
  admin: { columnPx: 760, most: 12 },
  simulator: { columnPx: 760, most: 12 },
}
const others = { columnPx: 500, most: 15 }

/** Pictures are named `product-what-it-shows-theme.png`; each product and theme has sheets of its own. */
export function groupPictures(files: string[]): Sheet[] {
  const groups = new Map<string, string[]>()
  for (const file of files.filter((name) => name.endsWith('.png')).toSorted()) {
    const [product = ''] = file.split('-', 1)
    const theme = file.endsWith('-dark.png') ? 'dark' : 'light'
    const group = `${product}-${theme}`
    groups.set(group, [...(groups.get(group) ?? []), file])
  }
  return [...groups].toSorted().flatMap(([group, all]) => {
    const { columnPx, most } = products[group.split('-')[0] as keyof typeof products] ?? others
    const sheets = Math.ceil(all.length / most)
    return Array.from({ length: sheets }, (_, at) => ({
      name: sheets === 1 ? group : `${group}-${at + 1}`,
      files: all.slice(at * most, (at + 1) * most),
      columnPx,
    }))
  })
}
