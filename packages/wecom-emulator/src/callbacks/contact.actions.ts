import { ControlError, needMemberRecord } from '../state/load.ts'
import type { MemberRecord } from '../state/records.ts'
import type { ActionDeps, Actions } from './client-actions.ts'
import type { EventValue } from './event-xml.ts'

type ContactActionName =
  | 'createMember'
  | 'updateMember'
  | 'deleteMember'
  | 'createDepartment'
  | 'updateDepartment'
  | 'deleteDepartment'

/** Changes of the address book. Receivers set since 2022 get ids and departments only, no names. */
export function contactActions({ world, callbacks }: ActionDeps): Pick<Actions, ContactActionName> {
  function raise(changeType: string, own: Record<string, EventValue>) {
    if (!world.settings.callback.contactEvents) return
    // Unlike in the customer events, the change type stands bare here.
    callbacks.raise('change_contact', changeType, { ChangeType: { plain: changeType }, ...own })
  }
  const departmentText = (member: MemberRecord) => member.departmentIds.join(',')

  return {
    createMember(seed) {
      const member = world.directory.putMember(seed)
      raise('create_user', { UserID: member.userId, Department: departmentText(member) })
      return null
    },
    updateMember({ userId, newUserId, ...change }) {
      const member = needMemberRecord(world, userId)
      world.directory.putMember({ ...member, ...change, userId })
      if (newUserId) world.directory.renameMember(member, newUserId)
      raise('update_user', { UserID: userId, NewUserID: newUserId, Department: departmentText(member) })
      return null
    },
    deleteMember({ userId }) {
      const member = needMemberRecord(world, userId)
      world.directory.removeMember(member.userId)
      raise('delete_user', { UserID: member.userId })
      return null
    },
    createDepartment(seed) {
      const department = world.directory.putDepartment(seed)
      raise('create_party', {
        Id: department.id,
        Name: department.name,
        ParentId: String(department.parentId),
        Order: department.order,
      })
      return null
    },
    updateDepartment({ id, ...change }) {
      const before = world.directory.departments.get(id)
      if (!before) throw new ControlError(404, `no department ${id}`)
      const department = world.directory.putDepartment({ ...before, ...change, id })
      raise('update_party', { Id: id, Name: department.name, ParentId: String(department.parentId) })
      return null
    },
    deleteDepartment({ id }) {
      if (!world.directory.removeDepartment(id)) throw new ControlError(404, `no department ${id}`)
      raise('delete_party', { Id: id })
      return null
    },
  }
}
