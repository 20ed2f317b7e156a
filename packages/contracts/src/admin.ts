import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'
import { SyncProgress } from './sync.ts'

/** The home page: what the corp looks like right now. */
export const AdminHome = Type.Object({
  corpId: Type.String(),
  brand: Type.String(),
  guides: Type.Integer(),
  stores: Type.Integer(),
  customers: Type.Integer(),
  relations: Type.Integer(),
  tags: Type.Integer(),
  quickReplies: Type.Integer(),
  cards: Type.Integer(),
  sync: SyncProgress,
  callbacks: Type.Object({ waiting: Type.Integer(), lastAt: Type.Union([Moment, Type.Null()]) }),
  month: Type.Object({ cardsSent: Type.Integer(), orders: Type.Integer(), amountFen: Type.Integer() }),
})
export type AdminHome = Static<typeof AdminHome>
