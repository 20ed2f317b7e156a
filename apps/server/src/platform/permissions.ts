/** What not everybody may do, in words a role is made of. */
export const permissions = [
  'notes:read-sensitive',
  'notes:write-sensitive',
  'action-rules:write',
  'content:write',
  'tasks:write',
] as const
export type Permission = (typeof permissions)[number]
export type Principal = { corpId: string; userId: string }

/** Asks whether a member may do something; what is not allowed is forbidden. */
export type Can = (principal: Principal, permission: Permission) => Promise<boolean>

const ofGuides: readonly Permission[] = ['notes:write-sensitive']

/**
 * The two roles there are by configuration: admins may do everything, guides what everybody who serves may do.
 * @param adminUserIds userids of the admins
 */
export function createConfiguredCan(adminUserIds: readonly string[]): Can {
  const admins = new Set(adminUserIds.map((userId) => userId.toLowerCase()))
  return async ({ userId }, permission) => ofGuides.includes(permission) || admins.has(userId.toLowerCase())
}
