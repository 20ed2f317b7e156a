import type { GuideView } from '@guidebar/contracts'
import type { Department as WecomDepartment, Member } from '@guidebar/wecom'

import type { Guide, GuideStatus } from './guide.model.ts'
import type { GuideFacts } from './guide.repository.ts'

/** What others may know of a guide. */
export type GuideName = { name: string; storeName: string }

export function toGuideView({ userId, name, storeId, storeName }: Guide): GuideView {
  return { userId, name: name || userId, storeId, storeName }
}

const statusOf: Record<Member['status'], GuideStatus> = {
  active: 'active',
  disabled: 'disabled',
  'not-activated': 'disabled',
  left: 'left',
  // Without a status the member is listed all the same, and only members in service are.
  unknown: 'active',
}

/** @param stores names of departments by id */
export function toGuideFacts(
  { userId, name, departmentIds, position, ...member }: Member,
  stores: Map<number, string>,
): GuideFacts {
  const main = member.mainDepartmentId ?? departmentIds[0]
  const storeId = main === undefined ? '' : String(main)
  const storeName = main === undefined ? '' : (stores.get(main) ?? '')
  return { userId, name, departmentIds, storeId, storeName, position, status: statusOf[member.status] }
}

export function toDepartment({ departmentId, name, parentId = 0, order }: WecomDepartment) {
  return { departmentId, name, parentId, order }
}

/** Whether the directory says nothing new. */
export function isSame(stored: Guide | undefined, facts: GuideFacts): boolean {
  if (!stored) return false
  const { departmentIds, ...rest } = facts
  return (
    stored.departmentIds.join() === departmentIds.join() &&
    Object.entries(rest).every(([name, value]) => stored[name as keyof Guide] === value)
  )
}

/** Names of those who serve customers now. */
export function toNames(found: (Guide | null | undefined)[]): Map<string, GuideName> {
  const names = new Map<string, GuideName>()
  for (const guide of found) {
    if (guide?.status === 'active' && guide.canServe)
      names.set(guide.userId, { name: guide.name || guide.userId, storeName: guide.storeName })
  }
  return names
}
