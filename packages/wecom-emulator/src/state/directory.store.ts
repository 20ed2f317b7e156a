import type { DepartmentSeed, EmulatorSettings, MemberSeed } from '../control-contract.ts'
import type { ChangeCounter } from './changes.ts'
import type { DepartmentRecord, MemberRecord } from './records.ts'

/** Departments and members, and what of them the app may see. */
export function createDirectoryStore(changes: ChangeCounter, settings: () => EmulatorSettings) {
  const departments = new Map<number, DepartmentRecord>()
  const members = new Map<string, MemberRecord>()
  // People who left: out of the address book, but their relations wait for a handover.
  const leavers = new Map<string, MemberRecord>()
  let range: { source: unknown; users: Set<string>; departments: Set<number> } | null = null

  const keyOf = (userId: string) => userId.toLowerCase()

  function putDepartment(seed: DepartmentSeed): DepartmentRecord {
    const before = departments.get(seed.id)
    const record: DepartmentRecord = {
      id: seed.id,
      name: seed.name,
      nameEn: seed.nameEn ?? before?.nameEn ?? '',
      parentId: seed.parentId ?? before?.parentId ?? (seed.id === 1 ? 0 : 1),
      order: seed.order ?? before?.order ?? 0,
      leaderUserIds: seed.leaderUserIds ?? before?.leaderUserIds ?? [],
    }
    departments.set(seed.id, record)
    range = null
    changes.add()
    return record
  }

  function putMember(seed: MemberSeed): MemberRecord {
    const home = seed.left ? leavers : members
    const before = home.get(keyOf(seed.userId))
    changes.add()
    const fields = {
      name: seed.name,
      departmentIds: seed.departmentIds,
      mainDepartmentId: seed.mainDepartmentId ?? seed.departmentIds.at(-1) ?? 1,
      leaderInDepartments: seed.leaderInDepartments ?? seed.departmentIds.map(() => false),
      directLeaderUserIds: seed.directLeaderUserIds ?? [],
      position: seed.position ?? '',
      alias: seed.alias ?? '',
      gender: seed.gender ?? 0,
      mobile: seed.mobile ?? '',
      email: seed.email ?? '',
      avatar: seed.avatar ?? '',
      status: seed.status ?? 1,
      customerContact: seed.customerContact ?? true,
      licensed: seed.licensed ?? true,
    }
    // Relations point at the record, so an update keeps the object.
    if (before) return Object.assign(before, fields, { version: before.version + 1 })
    const record: MemberRecord = { userId: seed.userId, ...fields, relations: [], version: 0 }
    home.set(keyOf(seed.userId), record)
    return record
  }

  /** All departments under one, itself included. */
  function subtree(id: number): DepartmentRecord[] {
    const root = departments.get(id)
    if (!root) return []
    const found = [root]
    for (const parent of found) {
      for (const child of departments.values()) if (child.parentId === parent.id) found.push(child)
    }
    return found
  }

  function visibleParts() {
    const source = settings().visibleRange
    if (!source) return null
    if (range?.source !== source) {
      const ids = source.departmentIds.flatMap((id) => subtree(id).map((department) => department.id))
      range = { source, users: new Set(source.userIds.map(keyOf)), departments: new Set(ids) }
    }
    return range
  }

  return {
    departments,
    members,
    leavers,
    putDepartment,
    putMember,
    subtree,
    find: (userId: string) => members.get(keyOf(userId)),
    removeDepartment(id: number) {
      range = null
      changes.add()
      return departments.delete(id)
    },
    removeMember(userId: string): MemberRecord | undefined {
      const member = members.get(keyOf(userId))
      if (!member) return undefined
      members.delete(keyOf(userId))
      changes.add()
      member.status = 5
      leavers.set(keyOf(userId), member)
      return member
    },
    renameMember(member: MemberRecord, newUserId: string) {
      members.delete(keyOf(member.userId))
      changes.add()
      member.version += 1
      member.userId = newUserId
      members.set(keyOf(newUserId), member)
    },
    isVisible(member: MemberRecord): boolean {
      if (member.status === 5) return false
      const parts = visibleParts()
      if (!parts) return true
      return parts.users.has(keyOf(member.userId)) || member.departmentIds.some((id) => parts.departments.has(id))
    },
    isDepartmentVisible(id: number): boolean {
      const parts = visibleParts()
      return !parts || parts.departments.has(id)
    },
    membersOf: (departmentId: number) =>
      [...members.values()].filter((member) => member.departmentIds.includes(departmentId)),
  }
}
