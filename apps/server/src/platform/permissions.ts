import type { RightsService } from './rights/rights.service.ts'

/** What not everybody may do, in words a role is made of. */
export const permissions = [
  'notes:read-sensitive',
  'notes:write-sensitive',
  'action-rules:write',
  'content:write',
  'tasks:write',
  'tags:create',
  'tags:see-sensitive',
] as const
export type Permission = (typeof permissions)[number]
export type Principal = { corpId: string; userId: string }

/** Asks whether a member may do something; what is not allowed is forbidden. */
export type Can = (principal: Principal, permission: Permission) => Promise<boolean>

const ofGuides: readonly Permission[] = ['notes:write-sensitive']

/**
 * Guides may do what everybody who serves may; whoever has a role in the admin panel may do the rest.
 * @param rights who is an admin
 */
export function createCan(rights: Pick<RightsService, 'find'>): Can {
  return async (member, permission) => ofGuides.includes(permission) || (await rights.find(member)) !== null
}
