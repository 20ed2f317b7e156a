import { setImmediate } from 'node:timers/promises'
import type { GenerateInput, GenerateResult } from '../control-contract.ts'
import { corpNames, givenNames, notes, surnames, tagGroupNames, tagNames } from './name-pools.ts'
import { createRandom, type Random } from './random.ts'
import { noRelationNotes, noRelationTags } from './relation.store.ts'
import type { CustomerRecord, MemberRecord, RelationRecord, TagRecord } from './records.ts'
import { ControlError } from './load.ts'
import type { World } from './world.ts'

const GUIDES_A_STORE = 10
const TAG_LISTS = 600
const STATES = 400
const DAY_SEC = 86_400
const ROWS_AT_ONCE = 20_000
const addWays = [1, 1, 1, 1, 2, 3, 4, 6, 201, 202]

/**
 * Fills an empty corp. Only ids belong to one customer alone; names, remarks, channels and tag lists are shared texts
 * and lists, so that a million relations fit into some hundred megabytes.
 * @throws ControlError 400 for impossible numbers or a corp that has customers already
 */
export async function generateCorp(world: World, input: GenerateInput): Promise<GenerateResult> {
  const { guides, relations, seed, tagGroups, sharedShare } = readInput(input)
  if (world.relations.customers.size > 0) throw new ControlError(400, 'the corp has customers already: reset it first')
  const started = performance.now()
  const random = createRandom(seed)
  const departments = makeStores(world, guides)
  const members = makeGuides(world, guides, random)
  const tags = makeTags(world, tagGroups)
  const pools = makePools(random, tags)
  const nowSec = world.clock.nowSec()

  const shared = Math.floor(relations * sharedShare)
  for (let index = 0; index < relations - shared; index += 1) {
    const customer = makeCustomer(random, index, pools.names)
    customer.relations = [makeRelation(world, members[index % guides], customer, { random, pools, nowSec })]
    world.relations.addCustomer(customer)
    if (index % ROWS_AT_ONCE === 0) await setImmediate()
  }
  const { customerList } = world.relations
  const stride = Math.max(1, Math.floor(customerList.length / Math.max(1, shared)))
  for (let index = 0; index < shared; index += 1) {
    const place = index * stride
    const customer = customerList[place]
    // Never the first guide again: from that one the step on is smaller than the whole round.
    const guide = members[(place + 1 + random.below(guides - 1)) % guides]
    customer?.relations.push(makeRelation(world, guide, customer, { random, pools, nowSec }))
    if (index % ROWS_AT_ONCE === 0) await setImmediate()
  }
  return {
    departments,
    members: members.length,
    customers: customerList.length,
    relations: world.relations.count(),
    tags: tags.length,
    ms: Math.round(performance.now() - started),
  }
}

function readInput(input: GenerateInput): Required<GenerateInput> {
  const { guides, relations, seed, tagGroups = 8, sharedShare = 0.07 } = input
  const whole = (name: string, value: number, min: number, max: number) => {
    if (!Number.isInteger(value) || value < min || value > max)
      throw new ControlError(400, `${name} must be a whole number of ${min} to ${max}`)
  }
  whole('guides', guides, 1, 100_000)
  whole('relations', relations, 0, 5_000_000)
  whole('seed', seed, 0, 2 ** 32 - 1)
  whole('tagGroups', tagGroups, 0, 200)
  if (!(sharedShare >= 0 && sharedShare <= 0.5)) throw new ControlError(400, 'sharedShare must be a number of 0 to 0.5')
  return { guides, relations, seed, tagGroups, sharedShare: guides > 1 ? sharedShare : 0 }
}

function makeStores(world: World, guides: number): number {
  const stores = Math.ceil(guides / GUIDES_A_STORE)
  world.directory.putDepartment({ id: 1, name: world.settings.corp.name })
  for (let store = 1; store <= stores; store += 1)
    world.directory.putDepartment({ id: store + 1, name: `门店${store}`, parentId: 1, order: store })
  return stores + 1
}

function makeGuides(world: World, guides: number, random: Random): MemberRecord[] {
  return Array.from({ length: guides }, (_, index) =>
    world.directory.putMember({
      userId: `guide${String(index + 1).padStart(5, '0')}`,
      name: pick(random, surnames) + pick(random, givenNames),
      departmentIds: [2 + Math.floor(index / GUIDES_A_STORE)],
      position: index % GUIDES_A_STORE === 0 ? '店长' : '导购',
      gender: random.next() < 0.7 ? 2 : 1,
    }),
  )
}

function makeTags(world: World, tagGroups: number): TagRecord[] {
  return Array.from({ length: tagGroups }, (_, index) => {
    const round = Math.floor(index / tagGroupNames.length)
    const suffix = round === 0 ? '' : String(round + 1)
    return world.tags.addGroup({
      groupId: tagId(index, 0),
      name: `${tagGroupNames[index % tagGroupNames.length]}${suffix}`,
      order: tagGroups - index,
      tags: tagNames.map((name, place) => ({
        tagId: tagId(index, place + 1),
        name: `${name}${suffix}`,
        order: 100 - place,
      })),
    }).tags
  }).flat()
}

const tagId = (group: number, place: number) => `etR7uQDgAAGen${String(group * 100 + place).padStart(19, '0')}`

interface Pools {
  names: string[]
  remarks: string[]
  states: string[]
  tagLists: (readonly TagRecord[])[]
}

/** All texts and lists that the relations share. */
function makePools(random: Random, tags: readonly TagRecord[]): Pools {
  const names = surnames.flatMap((surname) => givenNames.map((given) => surname + given))
  return {
    names,
    remarks: names.flatMap((name) => [name, `${name} ${pick(random, notes)}`]),
    states: Array.from({ length: STATES }, (_, index) => `store_${String(index + 1).padStart(3, '0')}`),
    tagLists: Array.from({ length: TAG_LISTS }, () => {
      if (tags.length === 0) return noRelationTags
      const wanted = random.below(Math.min(6, tags.length + 1))
      const list = new Set(Array.from({ length: wanted }, () => pick(random, tags)))
      return list.size === 0 ? noRelationTags : [...list]
    }),
  }
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T
}

function makeCustomer(random: Random, index: number, names: readonly string[]): CustomerRecord {
  const isFromWecom = random.next() < 0.03
  return {
    externalUserId: toCustomerId(isFromWecom ? 'wo' : 'wm', index, random),
    name: pick(random, names),
    type: isFromWecom ? 2 : 1,
    gender: random.below(3) as 0 | 1 | 2,
    avatar: '',
    unionId: isFromWecom ? '' : toUnionId(index, random),
    work: isFromWecom ? pick(random, corpNames) : null,
    relations: [],
  }
}

function makeRelation(
  world: World,
  guide: MemberRecord | undefined,
  customer: CustomerRecord,
  { random, pools, nowSec }: { random: Random; pools: Pools; nowSec: number },
): RelationRecord {
  if (!guide) throw new TypeError('a corp without guides')
  return world.relations.addRelation({
    seq: 0,
    guide,
    customer,
    status: 'both',
    createdSec: nowSec - random.below(900 * DAY_SEC),
    remark: random.next() < 0.5 ? pick(random, pools.remarks) : customer.name,
    tags: pick(random, pools.tagLists),
    addWay: pick(random, addWays),
    operUserId: guide.userId,
    state: random.next() < 0.5 ? pick(random, pools.states) : '',
    notes: noRelationNotes,
  })
}

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'latin1')
const idBytes = Buffer.alloc(32)
const unionBytes = Buffer.alloc(28)
unionBytes.write('oZx7kQ', 'latin1')

/** Five characters of the running number make it unique, the others are random. */
function fill(bytes: Buffer, from: number, index: number, random: Random) {
  let number = index
  for (let place = from; place < from + 5; place += 1) {
    bytes[place] = alphabet[number % alphabet.length] ?? 0
    number = Math.floor(number / alphabet.length)
  }
  let bits = 0
  for (let place = from + 5; place < bytes.length; place += 1) {
    if ((place - from) % 5 === 0) bits = random.below(2 ** 30)
    bytes[place] = alphabet[bits % alphabet.length] ?? 0
    bits = Math.floor(bits / alphabet.length)
  }
}

function toCustomerId(kind: 'wm' | 'wo', index: number, random: Random): string {
  idBytes.write(`${kind}R7uQDgAA`, 'latin1')
  fill(idBytes, 10, index, random)
  return idBytes.toString('latin1')
}

function toUnionId(index: number, random: Random): string {
  fill(unionBytes, 6, index, random)
  return unionBytes.toString('latin1')
}
