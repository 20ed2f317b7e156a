import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'
import { CheckReport } from './doctor.ts'
import { SyncProgress } from './sync.ts'

const Count = Type.Integer({ minimum: 0 })

/** Something that waits for an admin; `count` says how many of it. */
export const Attention = Type.Object({
  kind: Type.Enum(['failed-sends', 'dead-callbacks', 'dead-jobs', 'suspicious-lists', 'leavers', 'api-limits']),
  count: Count,
})
export type Attention = Static<typeof Attention>

/** Figures that take a look over many records: kept for a minute. */
export const HomeFigures = Type.Object({
  asOf: Moment,
  /** The last 30 days by Beijing's calendar, oldest first; customers are counted once for each guide. */
  days: Type.Array(Type.Object({ day: Type.String(), added: Count, lost: Count })),
  /** Cards and pages of the last 30 days: taken by the client, opened, bought from. */
  funnel: Type.Object({ sent: Count, opened: Count, bought: Count }),
  /** Credited sales of this month, the most first; at most ten stores. */
  stores: Type.Array(
    Type.Object({ storeId: Type.String(), name: Type.String(), orders: Count, amountFen: Type.Integer() }),
  ),
})
export type HomeFigures = Static<typeof HomeFigures>

export const HomeQuery = Type.Object(
  { lang: Type.Optional(Type.Enum(['zh-CN', 'zh-TW', 'en'])) },
  { additionalProperties: false },
)

/** The home page: what the corp looks like right now. */
export const AdminHome = Type.Object({
  corpId: Type.String(),
  brand: Type.String(),
  /** Names of the stores the figures are of; empty when they are the whole corp's. */
  of: Type.Array(Type.String()),
  guides: Type.Integer(),
  stores: Type.Integer(),
  customers: Type.Integer(),
  relations: Type.Integer(),
  tags: Type.Integer(),
  quickReplies: Type.Integer(),
  cards: Type.Integer(),
  /** How the corp is connected; null for those who do not see the whole of it. */
  connection: Type.Union([
    Type.Object({
      sync: SyncProgress,
      callbacks: Type.Object({ waiting: Type.Integer(), lastAt: Type.Union([Moment, Type.Null()]) }),
      /** What the last look over everything found wrong, the worst first. */
      findings: Type.Array(CheckReport),
    }),
    Type.Null(),
  ]),
  attention: Type.Array(Attention),
  figures: HomeFigures,
  month: Type.Object({ cardsSent: Type.Integer(), orders: Type.Integer(), amountFen: Type.Integer() }),
})
export type AdminHome = Static<typeof AdminHome>
