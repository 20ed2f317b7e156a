import type { DepartmentView } from '@guidebar/contracts'

/** A department with how deep it stands, for lists that show the tree by indenting. */
export type TreeRow = DepartmentView & { depth: number }

/** The departments in the order of the tree; those whose parent is not shown begin at the left. */
export function toTreeRows(departments: DepartmentView[]): TreeRow[] {
  const known = new Set(departments.map(({ departmentId }) => departmentId))
  const below = new Map<number, DepartmentView[]>()
  const tops: DepartmentView[] = []
  for (const department of departments) {
    if (!known.has(department.parentId)) tops.push(department)
    else below.set(department.parentId, [...(below.get(department.parentId) ?? []), department])
  }
  const walk = (rows: DepartmentView[], depth: number): TreeRow[] =>
    rows.flatMap((row) => [{ ...row, depth }, ...walk(below.get(row.departmentId) ?? [], depth + 1)])
  return walk(tops, 0)
}

/** The name as an option of a list: deeper ones further in. */
export const indentedName = ({ depth, name }: TreeRow): string => `${'　'.repeat(depth)}${name}`
