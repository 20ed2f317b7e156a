import { createMemoryTokenStore, createWecomClient } from '@guidebar/wecom'
import { startWorld } from '@guidebar/testkit'
import type { LoadInput, RelationSeed } from '@guidebar/wecom-emulator'
import { toRelationDigest, type DigestRow } from '@guidebar/wecom-emulator/digest'
import { inject } from 'vitest'

import { createCorp } from '../../platform/corps.ts'
import { createCorps, type Corp } from '../../platform/deps.ts'
import { createCallbackEventRepository } from '../callbacks/callback-event.repository.ts'
import { createCallbackService } from '../callbacks/callback.service.ts'
import { createDepartmentRepository } from '../guides/department.repository.ts'
import { guideCallbacks } from '../guides/guide.callbacks.ts'
import { createGuideRepository } from '../guides/guide.repository.ts'
import { createGuideService } from '../guides/guide.service.ts'
import { createSyncReportRepository } from '../sync/sync-report.repository.ts'
import { createSyncRepository } from '../sync/sync.repository.ts'
import { createSyncService, type SyncSettings } from '../sync/sync.service.ts'
import { createSensitiveGroupRepository } from '../tags/sensitive-group.repository.ts'
import { createTagLibraryRepository } from '../tags/tag-library.repository.ts'
import { tagCallbacks } from '../tags/tag.callbacks.ts'
import { createTagService } from '../tags/tag.service.ts'
import { createCustomerRepository } from './customer.repository.ts'
import { relationCallbacks } from './relation.callbacks.ts'
import { currentStatuses, relationId, type RelationKey } from './relation.model.ts'
import { createRelationEventRepository } from './relation-event.repository.ts'
import { createRelationRepository } from './relation.repository.ts'
import { createRelationService } from './relation.service.ts'

export const corpId = 'ww5f2a9c31d7be4608'
export const xiaomei = { corpId, userId: 'LinXiaoMei' }
export const chenjie = { corpId, userId: 'ChenJie' }
export const foreigner = { corpId: 'ww2222222222222222', userId: 'LinXiaoMei' }
export const liNa = 'wmR7uQDgAAk3vT9xYb2LhPzE5sJcN0aw'
export const wangWei = 'wmR7uQDgAAlmN4c8QwErTyUiOp12345A'

const addedAt = '2026-11-01T02:00:00.000Z'

/** Two stores, two guides, two customers: 林小美 follows 李娜 and 王伟, 陈杰 follows 李娜 as well. */
const corp: LoadInput = {
  departments: [
    { id: 1, name: '天河数码' },
    { id: 11, name: '天河城店', parentId: 1 },
    { id: 12, name: '正佳店', parentId: 1 },
  ],
  members: [
    { userId: xiaomei.userId, name: '林小美', departmentIds: [11] },
    { userId: chenjie.userId, name: '陈杰', departmentIds: [12] },
    { userId: 'TestAdmin', name: '管理员', departmentIds: [1], customerContact: false },
  ],
  tagGroups: [
    {
      groupId: 'etGroupLevel',
      name: '会员等级',
      order: 2,
      tags: [
        { tagId: 'etGold', name: '金卡', order: 2 },
        { tagId: 'etSilver', name: '银卡', order: 1 },
      ],
    },
    { groupId: 'etGroupNeed', name: '需求', order: 1, tags: [{ tagId: 'etApple', name: '苹果用户' }] },
  ],
  customers: [
    { externalUserId: liNa, name: '李娜', gender: 2 },
    { externalUserId: wangWei, name: '王伟', gender: 1 },
  ],
  relations: [
    { ...toSeed(xiaomei.userId, liNa), remark: '李姐', tagIds: ['etGold'] },
    toSeed(chenjie.userId, liNa),
    toSeed(xiaomei.userId, wangWei),
  ],
}

export function toSeed(userId: string, externalUserId: string): RelationSeed {
  return { userId, externalUserId, addedAt, addWay: 1, state: 'store_11' }
}

/** What is emptied between tests; sessions stay, so that browsers stay signed in. */
const kept = [
  'relations',
  'relationEvents',
  'customers',
  'guides',
  'departments',
  'taglibraries',
  'syncRuns',
  'syncLists',
  'syncReports',
  'callbackEvents',
]

type ProcessOptions = {
  /** After each batch of pages that was stored. */
  pageHook?: () => void
  limited?: boolean
  settings?: Partial<SyncSettings>
}

export type CustomerWorld = Awaited<ReturnType<typeof startCustomers>>

/** A whole world with a small corp in it, for everything that keeps WeCom's truth. */
export async function startCustomers() {
  const world = await startWorld({ mongoUri: inject('mongoUri') })
  const { db, clock, config, services, wecom } = world
  const { log } = world.app
  const ends: (() => Promise<unknown>)[] = []

  /** The services of one more process, with a client and caches of its own and less patience. */
  function createProcess({ pageHook, limited = true, settings: own }: ProcessOptions = {}) {
    const corp = limited ? createCorp(config.wecom, { tokenStore: createMemoryTokenStore(), clock }) : unlimited()
    const corps = createCorps(corp)
    const platform = { corps, clock, log }
    const departments = createDepartmentRepository(db)
    const guides = createGuideService({ guides: createGuideRepository(db), departments, clock })
    const tags = createTagService({
      libraries: createTagLibraryRepository(db),
      sensitive: createSensitiveGroupRepository(db),
      can: async () => false,
      clock,
    })
    const relations = createRelationService({
      ...platform,
      relations: createRelationRepository(db),
      customers: createCustomerRepository(db),
      events: createRelationEventRepository(db),
      guides,
      tags,
    })
    const watched: typeof relations = {
      ...relations,
      savePages: async (...pages) => {
        const saved = await relations.savePages(...pages)
        pageHook?.()
        return saved
      },
    }
    const patience = { tries: 3, firstMs: 5, mostMs: 20 }
    const settings = { patience, leaseMs: 400, pollMs: 50, concurrency: 4, ...own }
    const sync = createSyncService({
      ...platform,
      sync: createSyncRepository(db),
      reports: createSyncReportRepository(db),
      guides,
      relations: watched,
      tags,
      settings,
    })
    const callbacks = createCallbackService({
      ...platform,
      events: createCallbackEventRepository(db),
      handlers: { ...guideCallbacks(guides), ...tagCallbacks(tags), ...relationCallbacks(relations) },
      settings: { pausesMs: [0, 0, 0, 0], awayPauseMs: 20, pollMs: 20, graceMs: 100 },
    })
    ends.push(async () => {
      await Promise.all([sync.stop(), callbacks.stop()])
      await corp.wecom.close()
    })
    return { guides, tags, relations, sync, callbacks, corp }
  }

  /** Without our own limits: after WeCom has said «too many» they would make a test wait for a minute. */
  function unlimited(): Corp {
    const { corpId, agentId, secret, apiUrl } = config.wecom
    const limiter = { admit: async () => ({ end: async () => undefined }) }
    const client = { corpId, agentId: Number(agentId), secret, baseUrl: apiUrl, tokenStore: createMemoryTokenStore() }
    return { ...world.corp, wecom: createWecomClient({ ...client, limiter }) }
  }

  return {
    ...world,
    ...services,
    createProcess,
    /** Our current relations with remarks and tags, as the emulator's `digest` counts them. */
    async digest() {
      const rows = await db
        .collection('relations')
        .find({ status: { $in: currentStatuses } })
        .toArray()
      return toRelationDigest(rows as unknown as DigestRow[])
    },
    /** What happened to a relation by our history, oldest first. */
    async history({ userId, externalUserId }: Pick<RelationKey, 'userId' | 'externalUserId'>) {
      const rows = await db
        .collection('relationEvents')
        .find({ userId, externalUserId })
        .sort({ at: 1, _id: 1 })
        .toArray()
      return rows.map(({ kind, cause, byUserId, tagIds, from, to }) => ({ kind, cause, byUserId, tagIds, from, to }))
    },
    /** What a collection holds, for statements about what was and what was not written. */
    rows: (collection: string) => db.collection(collection).find().sort({ _id: 1 }).toArray(),
    relationRow: (key: RelationKey) => db.collection('relations').findOne({ _id: relationId(key) as never }),
    /** A fresh corp and an empty database. Without `hearing`, events get lost on their way. */
    async begin({ synced = true, hearing = false } = {}) {
      await wecom.reset()
      if (!hearing) await wecom.changeSettings({ callback: { url: null } })
      await Promise.all(kept.map((name) => db.collection(name).deleteMany({})))
      await wecom.load(corp)
      if (synced) await services.sync.runNow(world.corp)
      await wecom.clearCalls()
    },
    async close() {
      for (const end of ends) await end()
      await world.close()
    },
  }
}
