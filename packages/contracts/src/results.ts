import { Type, type Static } from 'typebox'

import { Moment } from './ids.ts'

const figures = {
  sent: Type.Integer(),
  opened: Type.Integer(),
  orders: Type.Integer(),
  amountFen: Type.Integer(),
}

/** A guide's own results of this month, Beijing time, with every day from the first to today. */
export const ResultsView = Type.Object({
  monthStart: Moment,
  ...figures,
  /** Share of the amount paid between 22:00 and 10:00, 0 to 1; null when nothing was paid. */
  offHoursShare: Type.Union([Type.Number(), Type.Null()]),
  days: Type.Array(Type.Object({ day: Type.String(), ...figures })),
})
export type ResultsView = Static<typeof ResultsView>
