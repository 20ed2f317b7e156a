/** Calls that no reader of whole pages can do without. */
export type CallFloor = { relations: number; directory: number; tags: number; all: number }

/**
 * @param perGuide relations of each guide, in the order in which WeCom is asked for them
 * @param departments departments of the corp, root included
 */
export function callFloor(perGuide: number[], departments: number): CallFloor {
  const size = Math.max(1, Math.min(100, Math.ceil(perGuide.length / 32)))
  let pages = 0
  for (let from = 0; from < perGuide.length; from += size) {
    const rows = perGuide.slice(from, from + size).reduce((sum, count) => sum + count, 0)
    pages += Math.max(1, Math.ceil(rows / 100))
  }
  // Who serves; the tree and each department's members; the tag library.
  const floor = { relations: 1 + pages, directory: 1 + departments, tags: 1 }
  return { ...floor, all: floor.relations + floor.directory + floor.tags }
}

const pathsOf = {
  relations: ['get_follow_user_list', 'batch/get_by_user', 'externalcontact/list', 'externalcontact/get'],
  directory: ['department/list', 'user/list', 'user/get'],
  tags: ['get_corp_tag_list'],
}

/** @param counts calls by path; those for tokens are nobody's page */
export function sortCalls(counts: Record<string, number>): CallFloor {
  const sum = (endings: string[]) =>
    Object.entries(counts)
      .filter(([path]) => endings.some((ending) => path.endsWith(ending)))
      .reduce((total, [, count]) => total + count, 0)
  const calls = { relations: sum(pathsOf.relations), directory: sum(pathsOf.directory), tags: sum(pathsOf.tags) }
  const all = Object.entries(counts)
    .filter(([path]) => !path.endsWith('gettoken'))
    .reduce((total, [, count]) => total + count, 0)
  return { ...calls, all }
}
