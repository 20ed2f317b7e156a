import type { Connection } from 'mongoose'

import { departmentModel, type Department } from './department.model.ts'

const idOf = (corpId: string, departmentId: number) => `${corpId}/${departmentId}`

export function createDepartmentRepository(db: Connection) {
  const departments = departmentModel(db)

  return {
    list: (corpId: string): Promise<Department[]> => departments.find({ corpId }).lean<Department[]>().exec(),

    /** Makes the stored tree equal to the given one; what is equal already is not written. */
    async replaceAll(corpId: string, tree: Omit<Department, '_id' | 'corpId'>[]): Promise<void> {
      const stored = new Map((await this.list(corpId)).map((department) => [department._id, department]))
      const wanted = tree.map((department) => ({ ...department, _id: idOf(corpId, department.departmentId), corpId }))
      const changed = wanted.filter((department) => !isSame(stored.get(department._id), department))
      const keep = new Set(wanted.map(({ _id }) => _id))
      const gone = [...stored.keys()].filter((id) => !keep.has(id))
      const operations = [
        ...changed.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $set: rest }, upsert: true },
        })),
        ...gone.map((_id) => ({ deleteOne: { filter: { _id } } })),
      ]
      if (operations.length > 0) await departments.bulkWrite(operations, { ordered: false })
    },
  }
}

export type DepartmentRepository = ReturnType<typeof createDepartmentRepository>

function isSame(stored: Department | undefined, wanted: Department): boolean {
  return stored?.name === wanted.name && stored.parentId === wanted.parentId && stored.order === wanted.order
}
