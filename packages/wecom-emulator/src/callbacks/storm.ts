import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { StormAction, StormInput, StormResult } from '../control-contract.ts'
import { ControlError } from '../state/load.ts'
import { createRandom, type Random } from '../state/random.ts'
import type { CustomerRecord, MemberRecord, RelationRecord, TagRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import type { CallbackSender } from './callback.sender.ts'
import type { Actions } from './client-actions.ts'

const defaultMix: Record<StormAction, number> = {
  addRelation: 8,
  addNewCustomer: 2,
  editRemark: 38,
  editTags: 38,
  guideDeletes: 6,
  customerDeletes: 6,
  changeTag: 2,
}
const kinds = Object.keys(defaultMix) as StormAction[]
const TICK_MS = 4
const ACTIONS_AT_ONCE = 200
/** Deleting stops here, so that a long storm leaves tags to give. */
const TAGS_LEFT = 10

interface StormDeps {
  world: World
  callbacks: CallbackSender
  actions: Actions
}

/** Many people at work at the same time, by plan: a slow receiver does not slow them down. */
export function createStorms(deps: StormDeps) {
  const { world, callbacks } = deps
  let current: { result: StormResult; stopped: boolean } | null = null

  async function run(storm: { result: StormResult; stopped: boolean }, act: () => StormAction, perSecond: number) {
    const { result } = storm
    const startedMs = performance.now()
    while (result.done < result.planned && !storm.stopped) {
      const nowMs = performance.now()
      const due = perSecond > 0 ? Math.floor(((nowMs - startedMs) / 1000) * perSecond) + 1 : result.planned
      const upTo = Math.min(result.planned, due, result.done + ACTIONS_AT_ONCE)
      for (; result.done < upTo; result.done += 1) {
        const plannedMs = perSecond > 0 ? startedMs + (result.done / perSecond) * 1000 : performance.now()
        result.behindPlanMs = Math.max(result.behindPlanMs, Math.round(performance.now() - plannedMs))
        const before = callbacks.ledger().counts.raised
        callbacks.planAt(plannedMs, () => {
          result.counts[act()] += 1
        })
        result.raised += callbacks.ledger().counts.raised - before
      }
      await (result.done < due ? setImmediate() : sleep(TICK_MS))
    }
  }

  return {
    /** @throws ControlError 400 while one runs, or for impossible numbers */
    start(input: StormInput): StormResult {
      if (current?.result.running) throw new ControlError(400, 'a storm is running already')
      checkInput(world, input)
      const result: StormResult = {
        running: true,
        seed: input.seed,
        planned: input.actions,
        done: 0,
        counts: Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<StormAction, number>,
        raised: 0,
        startedAt: world.clock.nowIso(),
        endedAt: null,
        behindPlanMs: 0,
        error: null,
      }
      const storm = { result, stopped: false }
      current = storm
      const act = createActor(deps, input)
      void run(storm, act, input.perSecond ?? 0)
        .catch((error: unknown) => {
          result.error = error instanceof Error ? error.message : 'failed'
        })
        .finally(() => {
          result.running = false
          result.endedAt = world.clock.nowIso()
        })
      return result
    },
    current: () => current?.result ?? null,
    stop() {
      if (current) current.stopped = true
      return current?.result ?? null
    },
    reset() {
      if (current) current.stopped = true
      current = null
    },
  }
}

export type Storms = ReturnType<typeof createStorms>

function checkInput(world: World, { actions, customers, seed, perSecond = 0, mix = {} }: StormInput) {
  const whole = (name: string, value: number, min: number) => {
    if (!Number.isInteger(value) || value < min)
      throw new ControlError(400, `${name} must be a whole number from ${min}`)
  }
  whole('actions', actions, 1)
  whole('customers', customers, 1)
  whole('seed', seed, 0)
  if (!(perSecond >= 0)) throw new ControlError(400, 'perSecond must be a number from 0')
  for (const [name, weight] of Object.entries(mix))
    if (!kinds.includes(name as StormAction) || !(weight >= 0))
      throw new ControlError(400, `mix: ${name} must be one of ${kinds.join(', ')}, with a weight from 0`)
  if (Object.keys(mix).length > 0 && !Object.values(mix).some((weight) => weight > 0))
    throw new ControlError(400, 'mix: one weight must be above 0')
  if (world.relations.customerList.length === 0 || visibleGuides(world).length === 0)
    throw new ControlError(400, 'the corp has no guides or no customers')
}

/** Does one random thing after the other; all chances come from the seed. */
function createActor({ world, actions }: StormDeps, input: StormInput): () => StormAction {
  const random = createRandom(input.seed)
  const customers = pickCustomers(world, input.customers)
  const guides = visibleGuides(world)
  const drawKind = createDraw(random, input.mix && Object.keys(input.mix).length > 0 ? input.mix : defaultMix)
  const tags = createTagPicker(world, random)
  let made = 0

  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T

  function add(customer?: CustomerRecord): StormAction {
    const guide = customer ? pickStranger(customer) : pick(guides)
    made += 1
    actions.addCustomer({
      userId: guide.userId,
      state: `storm_${random.below(20)}`,
      ...(customer ? { externalUserId: customer.externalUserId } : { customer: { name: `新客${made}` } }),
    })
    return customer ? 'addRelation' : 'addNewCustomer'
  }

  /** A guide who does not serve this customer yet, where there is one. */
  function pickStranger(customer: CustomerRecord): MemberRecord {
    const start = random.below(guides.length)
    for (let step = 0; step < guides.length; step += 1) {
      const guide = guides[(start + step) % guides.length]
      if (guide && !customer.relations.some((relation) => relation.guide === guide)) return guide
    }
    return pick(guides)
  }

  const edits: Record<
    'editRemark' | 'editTags' | 'guideDeletes' | 'customerDeletes',
    (relation: RelationRecord) => void
  > = {
    editRemark: (relation) => actions.editRelation({ ...pairOf(relation), remark: `备注${random.below(1e6)}` }),
    editTags(relation) {
      const held = relation.tags.find((tag) => !tag.deleted)
      const added = tags.pick()
      actions.editRelation({
        ...pairOf(relation),
        addTagIds: added ? [added.id] : [],
        removeTagIds: held && held !== added && random.next() < 0.5 ? [held.id] : [],
      })
    },
    guideDeletes: (relation) => actions.guideDeletesCustomer(pairOf(relation)),
    customerDeletes: (relation) => actions.customerDeletesGuide(pairOf(relation)),
  }

  return function act(): StormAction {
    const kind = drawKind()
    if (kind === 'changeTag') {
      tags.change(actions)
      return kind
    }
    if (kind === 'addNewCustomer') return add()
    const customer = pick(customers)
    const current = customer.relations.filter(({ guide }) => guide.status !== 5)
    if (kind === 'addRelation' || current.length === 0) return add(customer)
    edits[kind](pick(current))
    return kind
  }
}

const visibleGuides = ({ directory }: World) =>
  [...directory.members.values()].filter((member) => member.customerContact && directory.isVisible(member))

const pairOf = ({ guide, customer }: RelationRecord) => ({
  userId: guide.userId,
  externalUserId: customer.externalUserId,
})

/** Evenly out of all of them, so that they belong to many guides. */
function pickCustomers({ relations: { customerList } }: World, wanted: number): CustomerRecord[] {
  const stride = Math.max(1, Math.floor(customerList.length / wanted))
  return customerList.filter((_, index) => index % stride === 0).slice(0, wanted)
}

function createDraw(random: Random, mix: Partial<Record<StormAction, number>>): () => StormAction {
  const weights = Object.entries(mix) as [StormAction, number][]
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  return () => {
    let place = random.next() * total
    for (const [kind, weight] of weights) {
      place -= weight
      if (place < 0) return kind
    }
    return 'editRemark'
  }
}

function createTagPicker(world: World, random: Random) {
  let epoch = -1
  let live: TagRecord[] = []
  let made = 0

  function refresh() {
    if (epoch === world.tags.epoch()) return
    epoch = world.tags.epoch()
    live = world.tags.liveGroups().flatMap((group) => (group.strategyId === null ? world.tags.liveTagsOf(group) : []))
  }

  return {
    pick(): TagRecord | undefined {
      refresh()
      return live[random.below(live.length)]
    },
    change(actions: Actions) {
      refresh()
      made += 1
      const tag = live[random.below(live.length)]
      const draw = random.next()
      if (!tag) actions.createTagGroup({ name: `组${made}`, tags: [{ name: `标签${made}` }] })
      else if (draw < 0.15) actions.createTag({ groupId: tag.group.id, name: `标签${made}` })
      else if (draw < 0.3 && live.length > TAGS_LEFT) actions.deleteTag({ id: tag.id })
      else actions.updateTag({ id: tag.id, name: `改名${made}` })
    },
  }
}
