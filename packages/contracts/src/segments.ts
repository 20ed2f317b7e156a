import { Type, type Static, type TSchema } from 'typebox'

import { ExternalUserId, Moment, ObjectIdText, TagId, UserId } from './ids.ts'

const closed = { additionalProperties: false }
const anyOrNone = Type.Enum(['any', 'none'])
const some = <S extends TSchema>(item: S, maxItems: number) =>
  Type.Array(item, { minItems: 1, maxItems, uniqueItems: true })

/** A calendar day in Beijing. */
export const CalendarDay = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })
const Days = Type.Integer({ minimum: 1, maximum: 3_650 })

/**
 * lastDays: on one of the last days, today included · notLastDays: longer ago, or never · between: both days included ·
 * never.
 */
const whenRule = <const F extends string>(field: F) =>
  Type.Union([
    Type.Object({ field: Type.Literal(field), when: Type.Enum(['lastDays', 'notLastDays']), days: Days }, closed),
    Type.Object(
      { field: Type.Literal(field), when: Type.Literal('between'), from: CalendarDay, to: CalendarDay },
      closed,
    ),
    Type.Object({ field: Type.Literal(field), when: Type.Literal('never') }, closed),
  ])

const comparison = Type.Enum(['atLeast', 'atMost'])

/**
 * One condition on a customer. What stands on a relation (tag, store, guide, source, dates) holds when one of the
 * customer's relations fulfils it; `none` when not one does. Relations that somebody may not see do not count for him.
 */
export const SegmentRule = Type.Union([
  Type.Object({ field: Type.Literal('tag'), is: Type.Enum(['any', 'all', 'none']), tagIds: some(TagId, 50) }, closed),
  Type.Object(
    {
      field: Type.Literal('store'),
      is: anyOrNone,
      storeIds: some(Type.String({ minLength: 1, maxLength: 20, pattern: '^\\d+$' }), 200),
    },
    closed,
  ),
  Type.Object({ field: Type.Literal('guide'), is: anyOrNone, userIds: some(UserId, 100) }, closed),
  /** WeCom `add_way`. */
  Type.Object(
    {
      field: Type.Literal('addWay'),
      is: anyOrNone,
      addWays: some(Type.Integer({ minimum: 0, maximum: 10_000 }), 20),
    },
    closed,
  ),
  /** Our channel parameter, as a whole. */
  Type.Object(
    {
      field: Type.Literal('channel'),
      is: anyOrNone,
      states: some(Type.String({ minLength: 1, maxLength: 64 }), 20),
    },
    closed,
  ),
  Type.Object({ field: Type.Literal('status'), is: Type.Enum(['active', 'deleted_by_customer']) }, closed),
  whenRule('addedAt'),
  whenRule('lastSent'),
  whenRule('lastOpened'),
  whenRule('lastOrder'),
  Type.Object(
    { field: Type.Literal('orders'), compare: comparison, count: Type.Integer({ minimum: 0, maximum: 100_000 }) },
    closed,
  ),
  Type.Object(
    {
      field: Type.Literal('spent'),
      compare: comparison,
      amountFen: Type.Integer({ minimum: 0, maximum: 100_000_000_000 }),
    },
    closed,
  ),
  Type.Object({ field: Type.Literal('birthday'), months: some(Type.Integer({ minimum: 1, maximum: 12 }), 12) }, closed),
  Type.Object(
    { field: Type.Literal('tier'), is: anyOrNone, tiers: some(Type.String({ minLength: 1, maxLength: 20 }), 20) },
    closed,
  ),
  Type.Object({ field: Type.Literal('doNotDisturb'), is: Type.Boolean() }, closed),
])
export type SegmentRule = Static<typeof SegmentRule>
export type SegmentField = SegmentRule['field']

const groupOf = <G extends TSchema>(groups: G) =>
  Type.Object(
    {
      /** all: every condition and group holds · any: at least one. */
      join: Type.Enum(['all', 'any']),
      /** Turned round: whoever fits is left out. */
      exclude: Type.Boolean(),
      rules: Type.Array(SegmentRule, { maxItems: 20 }),
      groups,
    },
    closed,
  )
const innermost = groupOf(Type.Array(Type.Never(), { maxItems: 0 }))
const inner = groupOf(Type.Array(innermost, { maxItems: 10 }))
/** Groups stand in each other three deep at most. An empty group changes nothing; an empty definition is everybody. */
export const SegmentDefinition = groupOf(Type.Array(inner, { maxItems: 10 }))
export type SegmentDefinition = Static<typeof SegmentDefinition>
/** A group of any depth. */
export type SegmentGroup = { join: 'all' | 'any'; exclude: boolean; rules: SegmentRule[]; groups: SegmentGroup[] }

export const PreviewSegment = Type.Object({ definition: SegmentDefinition }, closed)
/** A number of customers. Estimated from a sample where a corp is too large to count while somebody types. */
export const CustomerCount = Type.Object({ count: Type.Integer(), isEstimate: Type.Boolean() })
export type CustomerCount = Static<typeof CustomerCount>
export const SegmentSample = Type.Object({
  externalUserId: ExternalUserId,
  name: Type.String(),
  avatarUrl: Type.Union([Type.String(), Type.Null()]),
  guideNames: Type.Array(Type.String()),
})
export type SegmentSample = Static<typeof SegmentSample>
export const SegmentPreview = Type.Object({
  fits: CustomerCount,
  /** Everybody the caller may see. */
  of: CustomerCount,
  samples: Type.Array(SegmentSample),
})
export type SegmentPreview = Static<typeof SegmentPreview>

export const SegmentParams = Type.Object({ segmentId: ObjectIdText }, closed)
export const SegmentName = Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' })
export const SaveSegment = Type.Object(
  {
    name: SegmentName,
    definition: SegmentDefinition,
    /** The version that was edited; saving over a newer one is refused. Left out for a new segment. */
    version: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
)
export type SaveSegment = Static<typeof SaveSegment>

export const SegmentUse = Type.Object({
  kind: Type.Enum(['tagBatch', 'export']),
  id: ObjectIdText,
  byName: Type.String(),
  at: Moment,
})
export type SegmentUse = Static<typeof SegmentUse>
export const SegmentView = Type.Object({
  segmentId: ObjectIdText,
  name: Type.String(),
  definition: SegmentDefinition,
  version: Type.Integer(),
  byName: Type.String(),
  changedAt: Moment,
  /** What it was used for, the latest first; at most ten. */
  usedBy: Type.Array(SegmentUse),
  /** Whether the caller may change it: his own, or any for whoever sees the whole corp. */
  mayChange: Type.Boolean(),
})
export type SegmentView = Static<typeof SegmentView>
export const SegmentList = Type.Object({ segments: Type.Array(SegmentView) })
export type SegmentList = Static<typeof SegmentList>

export const ExplainSegment = Type.Object({ definition: SegmentDefinition, externalUserId: ExternalUserId }, closed)
export type ExplainSegment = Static<typeof ExplainSegment>
/** What a condition found on this customer; the caller puts it into words. */
export const RuleFinding = Type.Object({
  rule: SegmentRule,
  holds: Type.Boolean(),
  /** Tag ids, userids, states …: what the customer has of what was asked for. */
  has: Type.Array(Type.String()),
  number: Type.Union([Type.Number(), Type.Null()]),
  at: Type.Union([Moment, Type.Null()]),
})
export type RuleFinding = Static<typeof RuleFinding>
const findingOf = <G extends TSchema>(groups: G) =>
  Type.Object({
    join: Type.Enum(['all', 'any']),
    exclude: Type.Boolean(),
    holds: Type.Boolean(),
    rules: Type.Array(RuleFinding),
    groups,
  })
const innermostFinding = findingOf(Type.Array(Type.Never(), { maxItems: 0 }))
const innerFinding = findingOf(Type.Array(innermostFinding))
/** The definition once more, each condition with its answer. */
export const SegmentFinding = findingOf(Type.Array(innerFinding))
export type SegmentFinding = Static<typeof SegmentFinding>
export type GroupFinding = {
  join: 'all' | 'any'
  exclude: boolean
  holds: boolean
  rules: RuleFinding[]
  groups: GroupFinding[]
}
export const SegmentExplanation = Type.Object({ name: Type.String(), finding: SegmentFinding })
export type SegmentExplanation = Static<typeof SegmentExplanation>

/** What the editor offers to choose from. */
export const SegmentChoices = Type.Object({
  stores: Type.Array(Type.Object({ storeId: Type.String(), name: Type.String() })),
  guides: Type.Array(Type.Object({ userId: UserId, name: Type.String(), storeName: Type.String() })),
  tiers: Type.Array(Type.String()),
  states: Type.Array(Type.String()),
})
export type SegmentChoices = Static<typeof SegmentChoices>
