import type { GuideView } from '@guidebar/contracts'
import { WecomError, type Department as WecomDepartment, type Member } from '@guidebar/wecom'

import type { Clock, Corp } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { DepartmentRepository } from './department.repository.ts'
import { sideBySide } from './side-by-side.ts'
import { createExpiringCache } from '../../platform/expiring-cache.ts'
import { isSame, toDepartment, toGuideFacts, toGuideView, toNames, type GuideName } from './guide.mapper.ts'
import type { Guide, GuideKey } from './guide.model.ts'
import type { GuideRepository } from './guide.repository.ts'

type Deps = { guides: GuideRepository; departments: DepartmentRepository; clock: Clock }

/** The longest a change made by another process goes unseen: a leaver must be out within five seconds. */
const cacheMs = 3_000
const background = { lane: 'background' } as const
/** WeCom advises few calls side by side. */
const departmentsAtOnce = 4

/** The members of the corp who serve customers, and the stores they belong to. */
export function createGuideService({ guides, departments, clock }: Deps) {
  const cache = createExpiringCache<Guide | null>({ ttlMs: cacheMs, most: 20_000, now: () => clock.now().getTime() })
  const cacheKey = ({ corpId, userId }: GuideKey) => `${corpId}/${userId}`

  async function find(key: GuideKey): Promise<Guide | null> {
    const known = cache.get(cacheKey(key))
    return known === undefined ? cache.set(cacheKey(key), await guides.find(key)) : known
  }

  async function saveMembers(corpId: string, members: Member[], readBeganAt: Date): Promise<void> {
    const stores = new Map((await departments.list(corpId)).map(({ departmentId, name }) => [departmentId, name]))
    await guides.saveFacts(
      corpId,
      members.map((member) => toGuideFacts(member, stores)),
      readBeganAt,
    )
    cache.clear()
  }

  /** Reads one member again. @returns false when WeCom knows no such member any more, or does not show him to us */
  async function refreshMember(corp: Corp, userId: string): Promise<boolean> {
    const readBeganAt = clock.now()
    try {
      const member = await corp.wecom.user.get(userId, background)
      await saveMembers(corp.corpId, [member], readBeganAt)
      return true
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      if (error.errcode === outOfRange) await guides.markHidden({ corpId: corp.corpId, userId }, readBeganAt)
      else if (unknownMember.has(error.errcode)) await guides.markLeft({ corpId: corp.corpId, userId }, readBeganAt)
      else throw error
      cache.delete(cacheKey({ corpId: corp.corpId, userId }))
      return false
    }
  }

  /** Reads who serves customers. An app that sees single members, not departments, learns of them here only. */
  async function refreshServing(corp: Corp): Promise<string[]> {
    const userIds = await corp.wecom.externalContact.getFollowUserList(background)
    const known = new Set((await guides.findMany(corp.corpId, userIds)).map(({ userId }) => userId))
    for (const userId of userIds.filter((id) => !known.has(id))) await refreshMember(corp, userId)
    await guides.saveServing(corp.corpId, new Set(userIds), clock.now())
    cache.clear()
    return userIds
  }

  async function refreshDepartments(corp: Corp): Promise<WecomDepartment[]> {
    const tree = await corp.wecom.department.list(undefined, background)
    const before = new Map((await departments.list(corp.corpId)).map(({ departmentId, name }) => [departmentId, name]))
    await departments.replaceAll(corp.corpId, tree.map(toDepartment))
    const renamed = tree.filter(({ departmentId: id, name }) => before.has(id) && before.get(id) !== name)
    for (const { departmentId, name } of renamed) await guides.renameStore(corp.corpId, String(departmentId), name)
    if (renamed.length > 0) cache.clear()
    return tree
  }

  return {
    /** At most three seconds old. */
    find,

    /** @throws AppError NOT_A_GUIDE */
    async view(key: GuideKey): Promise<GuideView> {
      const guide = await find(key)
      if (!guide) throw new AppError('NOT_A_GUIDE', 'no such member')
      return toGuideView(guide)
    },

    /** Whether this member may use the panel now. */
    async isActive(key: GuideKey): Promise<boolean> {
      const guide = await find(key)
      return guide?.status === 'active' && guide.canServe
    },

    /**
     * The member as WeCom has him this moment, stored; for a sign-in before the first sync has come to him.
     * @returns null when WeCom knows no such member
     * @throws WecomError, WecomUnavailable
     */
    async read(corp: Corp, userId: string): Promise<Guide | null> {
      if (!(await refreshMember(corp, userId))) return null
      await refreshServing(corp)
      return guides.find({ corpId: corp.corpId, userId })
    },

    /** Names of those among `userIds` who serve customers now. */
    async names(corpId: string, userIds: string[]): Promise<Map<string, GuideName>> {
      const missing = userIds.filter((userId) => cache.get(cacheKey({ corpId, userId })) === undefined)
      if (missing.length > 0) {
        const found = new Map((await guides.findMany(corpId, missing)).map((guide) => [guide.userId, guide]))
        for (const userId of missing) cache.set(cacheKey({ corpId, userId }), found.get(userId) ?? null)
        return toNames(userIds.map((userId) => found.get(userId) ?? cache.get(cacheKey({ corpId, userId }))))
      }
      return toNames(userIds.map((userId) => cache.get(cacheKey({ corpId, userId }))))
    },

    counts: async (corpId: string): Promise<{ guides: number; stores: number }> => {
      const [serving, stores] = await Promise.all([guides.countServing(corpId), guides.countStores(corpId)])
      return { guides: serving, stores }
    },

    /** All customers of these guides were read, beginning at `at`. */
    async noteCustomersRead(corpId: string, userIds: string[], at: Date): Promise<void> {
      if (userIds.length === 0) return
      await guides.saveCustomersRead(corpId, userIds, at)
      cache.clear()
    },

    /** The ids of this guide's customers are as WeCom lists them, as of `at`. */
    noteIdsRead: guides.saveIdsRead,
    listNeverRead: guides.listNeverRead,
    listStale: guides.listStale,
    listRangeLeft: guides.listRangeLeft,
    clearRangeLeft: guides.clearRangeLeft,

    refreshMember,
    refreshServing,
    refreshDepartments,

    /** A member came, changed or left. */
    async memberChanged(corp: Corp, userId: string): Promise<void> {
      const isThere = await refreshMember(corp, userId)
      const member = isThere && (await guides.find({ corpId: corp.corpId, userId }))
      if (member && !member.canServe) await refreshServing(corp)
    },

    /** WeCom lets a userid change once: the old one is over, the new one is read. */
    async renameMember(corp: Corp, userId: string, newUserId: string): Promise<void> {
      await refreshMember(corp, newUserId)
      await guides.markLeft({ corpId: corp.corpId, userId }, clock.now())
      await refreshServing(corp)
    },

    /**
     * Step of the full sync: departments and their members, a few departments at a time.
     * Who is stored but was not listed is asked for once more by name before he counts as gone.
     * @param onProgress departments done, departments in all
     */
    async syncDirectory(
      corp: Corp,
      {
        signal,
        dryRun = false,
        onProgress,
      }: { signal: AbortSignal; dryRun?: boolean; onProgress: (done: number, total: number) => Promise<void> },
    ): Promise<DirectoryChanges> {
      const { corpId, wecom } = corp
      const tree = dryRun ? await wecom.department.list(undefined, background) : await refreshDepartments(corp)
      const listed = new Set<string>()
      const before = new Map((await guides.list(corpId)).map((guide) => [guide.userId, guide]))
      const stores = new Map(tree.map(({ departmentId, name }) => [departmentId, name]))
      const changes: DirectoryChanges = { added: 0, changed: 0, missing: 0 }
      let done = 0
      await sideBySide(tree, { width: departmentsAtOnce, signal }, async ({ departmentId }, until) => {
        const readBeganAt = clock.now()
        const members = await wecom.user.list(departmentId, { ...background, signal: until })
        const facts = members.filter(({ userId }) => !listed.has(userId)).map((member) => toGuideFacts(member, stores))
        for (const { userId } of facts) listed.add(userId)
        const news = facts.filter((fact) => !isSame(before.get(fact.userId), fact))
        const added = news.filter(({ userId }) => !before.has(userId)).length
        changes.added += added
        changes.changed += news.length - added
        if (!dryRun) await guides.saveFacts(corpId, news, readBeganAt)
        await onProgress(++done, tree.length)
      })
      for (const { userId, status } of before.values()) {
        signal.throwIfAborted()
        if (listed.has(userId) || status === 'left') continue
        changes.missing++
        if (!dryRun) await refreshMember(corp, userId)
      }
      cache.clear()
      return changes
    },

    /** Who serves customers by WeCom's word; nothing is stored. */
    listServing: (corp: Corp): Promise<string[]> => corp.wecom.externalContact.getFollowUserList(background),
  }
}

/** What a reading of the directory brought, or would have. */
export type DirectoryChanges = { added: number; changed: number; missing: number }

export type GuideService = ReturnType<typeof createGuideService>

// 60111: no such userid, or out of our sight; 46004: no such user.
const unknownMember = new Set([60111, 46004])
const outOfRange = 60011
