import type { Connection } from 'mongoose'

import { roleAssignmentModel, type RoleAssignment } from './role-assignment.model.ts'

type Key = { corpId: string; userId: string }
export const assignmentId = ({ corpId, userId }: Key) => `${corpId}/${userId.toLowerCase()}`

export function createRoleAssignmentRepository(db: Connection) {
  const assignments = roleAssignmentModel(db)
  return {
    find: (key: Key): Promise<RoleAssignment | null> =>
      assignments.findById(assignmentId(key)).lean<RoleAssignment>().exec(),

    list: (corpId: string): Promise<RoleAssignment[]> =>
      assignments.find({ corpId }).sort({ userId: 1 }).limit(5_000).lean<RoleAssignment[]>().exec(),

    countOwners: (corpId: string): Promise<number> => assignments.countDocuments({ corpId, role: 'owner' }).exec(),

    async save({ _id, ...rest }: RoleAssignment): Promise<void> {
      await assignments.replaceOne({ _id }, rest, { upsert: true }).exec()
    },

    async remove(key: Key): Promise<boolean> {
      return (await assignments.deleteOne({ _id: assignmentId(key) }).exec()).deletedCount > 0
    },
  }
}

export type RoleAssignmentRepository = ReturnType<typeof createRoleAssignmentRepository>
