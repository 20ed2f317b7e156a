import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startCustomers, toSeed, type CustomerWorld } from '../relations/customer.world.ts'

/** What people, WeCom and we ourselves may do to a corp, told in numbers so that a failing run can be shrunk. */
type Step =
  /** Somebody does something in WeCom; its event comes, or gets lost. */
  | { do: 'add' | 'remove'; guide: number; customer: number; event: boolean }
  | { do: 'remark' | 'tag'; guide: number; customer: number; value: number; event: boolean }
  /** A guide does something in our panel. */
  | { do: 'ownRemark' | 'ownTag'; guide: number; customer: number; value: number }
  | { do: 'sync' }
  /** A process begins to sync and dies after so many batches. */
  | { do: 'crash'; after: number }
  | { do: 'slice' }
  /** The lists do not hear of the next change for a while. */
  | { do: 'lag' }

type Pair = { remark: string; tagIds: string[] }

const guides = ['LinXiaoMei', 'ChenJie', 'WangFang']
// Fewer than can be suspicious: whether an admin has to be asked is tested elsewhere.
const customers = ['wmA', 'wmB', 'wmC', 'wmD']
const tags = ['etGold', 'etSilver', 'etApple']
const seed = 20_261_121

const guide = fc.nat({ max: guides.length - 1 })
const customer = fc.nat({ max: customers.length - 1 })
const value = fc.nat({ max: 2 })
const event = fc.boolean()
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('add', 'remove'), guide, customer, event }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('remark', 'tag'), guide, customer, value, event }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('ownRemark', 'ownTag'), guide, customer, value }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), after: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sync', 'slice', 'lag') }) },
) as fc.Arbitrary<Step>

let world: CustomerWorld

beforeAll(async () => {
  world = await startCustomers()
  // It takes a clock that jumps for an outage, and asks for syncs of its own.
  await world.callbacks.stop()
})
afterAll(() => world.close())

test('whatever happens in whatever order, after one undisturbed sync from the beginning we hold what WeCom holds', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
    const model = await begin()
    for (const one of steps) await take(one, model)
    await world.wecom.clearFaults()
    // The lists have heard of everything by then.
    world.clock.advance(61_000)

    const { sync, corp } = world.createProcess({ limited: false })
    // One that was cut short goes on from where it was, and so has read some guides before the last change.
    if ((await sync.progress(world.corpId)).phase !== 'done') await sync.runNow(corp)
    const progress = await sync.runNow(corp)

    expect(progress.phase).toBe('done')
    expect(await stored()).toEqual(Object.fromEntries([...model].toSorted()))
    expect(await world.digest()).toEqual(await world.wecom.digest())
    expect(await pairsWithoutHistory()).toEqual([])
  })

  await fc.assert(property, { seed, numRuns: 25, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false })
}, 90_000)

/** A corp where each of three guides follows nobody yet. @returns the model: who follows whom, with what */
async function begin(): Promise<Map<string, Pair>> {
  await world.begin({ synced: false })
  await world.wecom.load({
    members: [{ userId: 'WangFang', name: '王芳', departmentIds: [12] }],
    customers: customers.map((externalUserId) => ({ externalUserId, name: externalUserId })),
  })
  const { relations } = await world.wecom.truth()
  for (const pair of relations) await world.wecom.act('guideDeletesCustomer', pair)
  await world.wecom.load({ relations: [toSeed('WangFang', 'wmA')] })
  await world.sync.runNow(world.corp)
  return new Map([['WangFang/wmA', { remark: 'wmA', tagIds: [] }]])
}

async function take(one: Step, model: Map<string, Pair>): Promise<void> {
  if (one.do === 'lag') return void (await world.wecom.failNext({ path: '*', listLagMs: 60_000, count: 1 }))
  if (one.do === 'sync') return void (await world.createProcess({ limited: false }).sync.runNow(world.corp))
  if (one.do === 'slice') {
    world.clock.advance(3_600_000)
    const { sync, corp } = world.createProcess({ limited: false })
    await sync.reconcile(corp, 'hourly')
    return sync.stop()
  }
  if (one.do === 'crash') {
    let left = one.after
    const dying = world.createProcess({ limited: false, pageHook: () => void (--left === 0 && dying.sync.stop()) })
    return void (await dying.sync.runNow(dying.corp))
  }
  const key = { userId: guides[one.guide]!, externalUserId: customers[one.customer]! }
  await change(one, { ...key, corpId: world.corpId }, model)
}

type Change = Exclude<Step, { do: 'lag' | 'sync' | 'slice' | 'crash' }>
type Key = { corpId: string; userId: string; externalUserId: string }

async function change(one: Change, key: Key, model: Map<string, Pair>): Promise<void> {
  const name = `${key.userId}/${key.externalUserId}`
  const pair = model.get(name)
  // WeCom’s moments are whole seconds.
  world.clock.advance(1_000)
  switch (one.do) {
    case 'add': {
      if (pair) return
      await world.wecom.act('addCustomer', key)
      model.set(name, { remark: key.externalUserId, tagIds: [] })
      break
    }
    case 'remove':
      if (!pair) return
      await world.wecom.act('guideDeletesCustomer', key)
      model.delete(name)
      break
    case 'remark':
      if (!pair) return
      pair.remark = `备注${one.value}`
      await world.wecom.act('editRelation', { ...key, remark: pair.remark })
      break
    case 'tag':
      if (!pair) return
      await world.wecom.act('editRelation', { ...key, ...flip(pair, one.value) })
      break
    case 'ownRemark': {
      if (!pair) return
      const remark = `面板${one.value}`
      if (await asked(() => world.relations.editRemark(key, { remark }))) pair.remark = remark
      return
    }
    case 'ownTag': {
      if (!pair) return
      const before = [...pair.tagIds]
      const { addTagIds: add, removeTagIds: remove } = flip(pair, one.value)
      if (!(await asked(() => world.relations.markTags(key, { add, remove })))) pair.tagIds = before
      return
    }
  }
  if ('event' in one && one.event) {
    const endedBy = one.do === 'remove' ? [key.userId] : []
    await world.relations.refresh(key, { endedBy })
  }
}

/** @returns false when we do not know this relation yet, and say so */
async function asked(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'RELATION_NOT_FOUND' })
    return false
  }
}

function flip(pair: Pair, place: number) {
  const tagId = tags[place]!
  const isOn = pair.tagIds.includes(tagId)
  pair.tagIds = isOn ? pair.tagIds.filter((id) => id !== tagId) : [...pair.tagIds, tagId].toSorted()
  return { addTagIds: isOn ? [] : [tagId], removeTagIds: isOn ? [tagId] : [] }
}

async function stored(): Promise<Record<string, Pair>> {
  const rows = await world.rows('relations')
  const current = rows.filter(({ status }) => status === 'active' || status === 'deleted_by_customer')
  return Object.fromEntries(
    current
      .map(({ userId, externalUserId, remark, tagIds }) => [`${userId}/${externalUserId}`, { remark, tagIds }] as const)
      .toSorted(),
  )
}

/** Each relation’s history begins with its addition, and says of tags what the relation says. */
async function pairsWithoutHistory(): Promise<string[]> {
  const [rows, events] = await Promise.all([world.rows('relations'), world.rows('relationEvents')])
  const added = new Set(
    events.filter(({ kind }) => kind === 'added').map((one) => `${one['userId']}/${one['externalUserId']}`),
  )
  return rows.map((row) => `${row['userId']}/${row['externalUserId']}`).filter((name) => !added.has(name))
}
