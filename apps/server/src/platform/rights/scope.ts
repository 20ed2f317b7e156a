import { trusted } from 'mongoose'

import type { AdminPrincipal } from '../access.ts'
import { AppError } from '../errors.ts'

/** What a data scope comes to at this moment; null stands for the whole corp. */
export type Reach = {
  /** Department ids of the stores, as text. */
  storeIds: string[]
  /** The guides of these stores, those who left included. */
  userIds: string[]
} | null

/** What one admin sees: filters and questions, all of one corp. */
export type Scope = ReturnType<typeof scope>

/** Content that was there before stores had some of their own says nothing. */
const everybodys = trusted({ $in: ['corp', null] })

const nothingThere = () => new AppError('NOT_FOUND', 'nothing like that in this scope')

/**
 * What an admin may see, as filters for MongoDB: the one place that knows. List, detail, count and export of one thing
 * take the same filter, so that none of them shows more than the others. Every filter names the corp.
 * Put it beside other conditions with `$and`, never by spreading both into one object.
 */
export function scope({ corpId, reach }: Pick<AdminPrincipal, 'corpId' | 'reach'>) {
  const within = (field: string, allowed: string[] | undefined): Record<string, unknown> =>
    allowed ? { corpId, [field]: trusted({ $in: allowed }) } : { corpId }

  return {
    corpId,
    /** Whether it is the whole corp. */
    isAll: reach === null,
    storeIds: reach?.storeIds ?? null,
    userIds: reach?.userIds ?? null,

    /** Documents of one guide each: guides, relations, sends, orders. @param field where the guide's userid stands */
    byGuide: (field = 'userId') => within(field, reach?.userIds),
    /** Documents of one store each. @param field where the store's id stands */
    byStore: (field = 'storeId') => within(field, reach?.storeIds),
    /** Customers, kept with everybody who follows them now. @param field the list of userids */
    byFollowers: (field = 'userIds') => within(field, reach?.userIds),
    /** Shared content he may use: the corp's and that of his stores. */
    readableContent: (): Record<string, unknown> =>
      reach
        ? { corpId, $or: [{ scope: everybodys }, { scope: 'store', storeId: trusted({ $in: reach.storeIds }) }] }
        : { corpId, scope: trusted({ $in: ['corp', 'store', null] }) },
    /** Shared content he may change: with a narrow scope only that of his stores. */
    writableContent: (): Record<string, unknown> =>
      reach
        ? { corpId, scope: 'store', storeId: trusted({ $in: reach.storeIds }) }
        : { corpId, scope: trusted({ $in: ['corp', 'store'] }) },

    hasGuide: (userId: string): boolean => !reach || reach.userIds.includes(userId),
    hasStore: (storeId: string): boolean => !reach || reach.storeIds.includes(storeId),
    /** @throws AppError NOT_FOUND, as for a guide who does not exist */
    requireGuide(userId: string): void {
      if (!this.hasGuide(userId)) throw nothingThere()
    },
    /** @throws AppError NOT_FOUND, as for a store that does not exist */
    requireStore(storeId: string): void {
      if (!this.hasStore(storeId)) throw nothingThere()
    },
    /** What may be made or moved to where. @throws AppError NOT_FOUND */
    requireContentPlace(place: { scope: 'corp' | 'store'; storeId: string }): void {
      if (place.scope === 'store' ? !this.hasStore(place.storeId) : !this.isAll) throw nothingThere()
    },
  }
}
