import type { AdminRole, DataScope } from '@guidebar/contracts'

import type { MemberKey } from '../access.ts'
import type { Clock } from '../deps.ts'
import { AppError } from '../errors.ts'
import { createExpiringCache } from '../expiring-cache.ts'
import { createAbility, type AdminAbility } from './ability.ts'
import { firstAdminRights, firstAdminUserId, installationId } from './first-admin.rights.ts'
import { assignmentId, type RoleAssignmentRepository } from './role-assignment.repository.ts'
import type { Reach } from './scope.ts'

/** What rights need to know of the corp's people. */
export type RightsDirectory = {
  /** Every department with the one above it; 0 above the root. */
  departments(corpId: string): Promise<{ departmentId: number; parentId: number }[]>
  /** Guides whose store is one of these, those who left included. */
  guidesOf(corpId: string, storeIds: string[]): Promise<string[]>
}

type Deps = {
  assignments: RoleAssignmentRepository
  directory: RightsDirectory
  /** Owners by configuration: the way in when there is no other. */
  ownerUserIds: readonly string[]
  /** The corp that is served; null as long as none is set up. */
  currentCorpId: () => string | null
  clock: Clock
}

export type Role = { role: AdminRole; scope: DataScope }
/** A member's role and what it comes to right now. */
export type MemberRights = Role & { reach: Reach; ability: AdminAbility }

/** How long a change made by another process goes unseen: loss of rights must show within five seconds. */
const cacheMs = 3_000

/** Who is an admin of what. */
export function createRightsService({ assignments, directory, ownerUserIds, currentCorpId, clock }: Deps) {
  const owners = new Set(ownerUserIds.map((userId) => userId.toLowerCase()))
  const cache = createExpiringCache<MemberRights | null>({
    ttlMs: cacheMs,
    most: 5_000,
    now: () => clock.now().getTime(),
  })
  const isConfiguredOwner = (userId: string) => owners.has(userId.toLowerCase())

  async function hasOwner(corpId: string): Promise<boolean> {
    if (corpId !== installationId) return owners.size > 0 || (await assignments.countOwners(corpId)) > 0
    // Begun before a corp was known: good until somebody has become its owner.
    const known = currentCorpId()
    return known !== null && (await assignments.countOwners(known)) > 0
  }

  async function roleOf(key: MemberKey): Promise<Role | null> {
    if (isConfiguredOwner(key.userId)) return { role: 'owner', scope: { kind: 'all' } }
    const found = await assignments.find(key)
    return found && { role: found.role, scope: found.scope }
  }

  async function reachOf({ corpId, userId }: MemberKey, scope: DataScope): Promise<Reach> {
    if (scope.kind === 'all') return null
    if (scope.kind === 'self') return { storeIds: [], userIds: [userId] }
    const wanted = new Set(scope.departmentIds)
    if (scope.kind === 'region') addBelow(wanted, await directory.departments(corpId))
    const storeIds = [...wanted].map(String)
    return { storeIds, userIds: await directory.guidesOf(corpId, storeIds) }
  }

  return {
    isConfiguredOwner,

    /** @returns null when this member is no admin; at most three seconds old */
    async find(key: MemberKey): Promise<MemberRights | null> {
      if (key.userId === firstAdminUserId) return (await hasOwner(key.corpId)) ? null : firstAdminRights()
      const cacheKey = assignmentId(key)
      const known = cache.get(cacheKey)
      if (known !== undefined) return known
      const role = await roleOf(key)
      const rights = role && {
        ...role,
        reach: await reachOf(key, role.scope),
        ability: createAbility(role.role, role.scope),
      }
      return cache.set(cacheKey, rights)
    },

    /** Userids of everybody with a role. */
    listAdmins: async (corpId: string): Promise<string[]> => [
      ...ownerUserIds,
      ...(await assignments.list(corpId)).map(({ userId }) => userId),
    ],

    /** Whether anybody can sign in as an owner. */
    hasOwner,

    /**
     * Gives a member a role in place of the one he has, or takes it when `wanted` is null.
     * @param note puts it on record, once it is clear that it may be done and before it is
     * @returns the role before
     * @throws AppError FORBIDDEN for what only an owner may do, CONFLICT for the last owner and for owners by configuration
     */
    async assign(
      by: MemberKey & { role: AdminRole },
      { corpId, userId }: MemberKey,
      wanted: Role | null,
      note: (before: Role | null) => Promise<void> = async () => undefined,
    ): Promise<Role | null> {
      if (isConfiguredOwner(userId)) throw new AppError('CONFLICT', 'this owner is set by ADMIN_USER_IDS')
      const before = await assignments.find({ corpId, userId })
      const touchesOwner = wanted?.role === 'owner' || before?.role === 'owner'
      if (touchesOwner && by.role !== 'owner') throw new AppError('FORBIDDEN', 'only an owner makes owners')
      if (wanted?.role === 'owner' && wanted.scope.kind !== 'all')
        throw new AppError('BAD_REQUEST', 'an owner sees the whole corp', { at: '/body/scope' })
      const losesOwner = before?.role === 'owner' && wanted?.role !== 'owner'
      if (losesOwner && owners.size === 0 && (await assignments.countOwners(corpId)) < 2)
        throw new AppError('CONFLICT', 'the last owner cannot be taken away')

      const was = before && { role: before.role, scope: before.scope }
      if (!was && !wanted) return null
      await note(was)
      await save(by.userId, { corpId, userId }, wanted)
      return was
    },

    /** Makes somebody an owner who has proven to be the first. */
    makeFirstOwner: (key: MemberKey): Promise<void> =>
      save('first-admin', key, { role: 'owner', scope: { kind: 'all' } }),

    /** What is known of roles and reach is read again. */
    forget: () => cache.clear(),
  }

  async function save(givenBy: string, key: MemberKey, wanted: Role | null): Promise<void> {
    if (wanted) {
      const { corpId, userId } = key
      await assignments.save({ _id: assignmentId(key), corpId, userId, ...wanted, givenBy, givenAt: clock.now() })
    } else await assignments.remove(key)
    cache.clear()
  }
}

export type RightsService = ReturnType<typeof createRightsService>

/** Adds every department that stands below one of these. */
function addBelow(wanted: Set<number>, tree: { departmentId: number; parentId: number }[]): void {
  const below = Map.groupBy(tree, ({ parentId }) => parentId)
  const queue = [...wanted]
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const { departmentId } of below.get(id) ?? []) {
      if (wanted.has(departmentId)) continue
      wanted.add(departmentId)
      queue.push(departmentId)
    }
}
