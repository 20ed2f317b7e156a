import { type Connection, trusted } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Scope } from '../../platform/rights/scope.ts'
import { type Send, sendKinds, sendModel } from './send.model.ts'

export type SendLookups = ReturnType<typeof createSendLookups>
export type ContactCounts = { myDay: number; corpDay: number; myMonth: number; corpMonth: number }
/** When a guide last sent something to a customer, and when something of it was last opened for the first time. */
export type SentTo = {
  _id: { externalUserId: string; userId: string }
  sentAt: Date | null
  openedAt: Date | null
}
type GuidesOfCorp = { corpId: string; userIds: string[] }
type Place = { at: Date; id: string }

const isOlder = (field: 'createdAt' | 'openedAt', before: Place | undefined) =>
  before
    ? { $or: [{ [field]: trusted({ $lt: before.at }) }, { [field]: before.at, _id: trusted({ $lt: before.id }) }] }
    : {}

/** More of them say nothing new about what a guide likes to send. */
const mostCards = 500

/** Reads of sends for other features; what the client took, unless said otherwise. */
export function createSendLookups(db: Connection) {
  const sends = sendModel(db)
  return {
    /** Cards and tracked pages that clients took since then, and how many of them were opened. */
    async funnel(within: Scope, since: Date): Promise<{ sent: number; opened: number }> {
      const [row] = await sends.aggregate<{ sent: number; opened: number }>([
        {
          $match: {
            ...within.byGuide(),
            kind: { $in: ['card', 'link'] },
            status: 'client_ok',
            createdAt: { $gte: since },
          },
        },
        { $group: { _id: null, sent: { $sum: 1 }, opened: { $sum: { $cond: [{ $gt: ['$openedAt', null] }, 1, 0] } } } },
      ])
      return { sent: row?.sent ?? 0, opened: row?.opened ?? 0 }
    },

    /** What clients refused since then. */
    countFailed: (within: Scope, since: Date): Promise<number> =>
      sends
        .countDocuments({
          ...within.byGuide(),
          kind: trusted({ $in: sendKinds }),
          status: 'failed',
          createdAt: trusted({ $gte: since }),
        })
        .exec(),

    /** Cards that clients took since then. */
    countCards: (within: Scope, since: Date): Promise<number> =>
      sends
        .countDocuments({
          ...within.byGuide(),
          kind: 'card',
          status: 'client_ok',
          createdAt: trusted({ $gte: since }),
        })
        .exec(),

    /** Messages to one customer since two moments, by this guide and by everybody. */
    async countContacts(
      { corpId, userId }: GuidePrincipal,
      externalUserId: string,
      { dayStart, monthStart }: { dayStart: Date; monthStart: Date },
    ): Promise<ContactCounts> {
      const isMine = { $eq: ['$userId', userId] }
      const isToday = { $gte: ['$createdAt', dayStart] }
      const count = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } })
      const [row] = await sends.aggregate<ContactCounts>([
        { $match: { corpId, externalUserId, createdAt: { $gte: monthStart }, status: 'client_ok' } },
        {
          $group: {
            _id: null,
            myDay: count({ $and: [isMine, isToday] }),
            corpDay: count(isToday),
            myMonth: count(isMine),
            corpMonth: { $sum: 1 },
          },
        },
      ])
      return {
        myDay: row?.myDay ?? 0,
        corpDay: row?.corpDay ?? 0,
        myMonth: row?.myMonth ?? 0,
        corpMonth: row?.corpMonth ?? 0,
      }
    },

    /** What these guides sent to a customer, newest first. */
    listSent: ({ corpId, userIds }: GuidesOfCorp, externalUserId: string, page: { before?: Place; limit: number }) =>
      sends
        .find({
          $and: [
            { corpId, userId: trusted({ $in: userIds }), externalUserId, chatId: null, status: 'client_ok' },
            isOlder('createdAt', page.before),
          ],
        })
        .sort({ createdAt: -1, _id: -1 })
        .limit(page.limit)
        .lean<Send[]>()
        .exec(),

    /** What of it the customer opened, the latest first opening first. */
    listOpened: ({ corpId, userIds }: GuidesOfCorp, externalUserId: string, page: { before?: Place; limit: number }) =>
      sends
        .find({
          $and: [
            {
              corpId,
              userId: trusted({ $in: userIds }),
              externalUserId,
              chatId: null,
              openedAt: trusted({ $exists: true }),
            },
            isOlder('openedAt', page.before),
          ],
        })
        .sort({ openedAt: -1, _id: -1 })
        .limit(page.limit)
        .lean<Send[]>()
        .exec(),

    /** Cards a guide sent to one customer or group since then, newest first. */
    listCards: (
      { corpId, userId }: GuidePrincipal,
      { externalUserId, chatId }: Pick<Send, 'externalUserId' | 'chatId'>,
      since: Date,
    ): Promise<{ cardId: string; openedTimes: number }[]> =>
      sends
        .find(
          {
            corpId,
            userId,
            externalUserId,
            chatId,
            kind: 'card',
            status: 'client_ok',
            cardId: trusted({ $ne: null }),
            createdAt: trusted({ $gte: since }),
          },
          { cardId: 1, openedTimes: 1, _id: 0 },
        )
        .sort({ createdAt: -1 })
        .limit(mostCards)
        .lean<{ cardId: string; openedTimes: number }[]>()
        .exec(),

    /** Ids of the cards a guide sent last, to whomever, newest first. */
    async recentCardIds({ corpId, userId }: GuidePrincipal, since: Date, limit: number): Promise<string[]> {
      const rows = await sends.aggregate<{ _id: string }>([
        { $match: { corpId, kind: 'card', status: 'client_ok', userId, createdAt: { $gte: since } } },
        { $sort: { createdAt: -1 } },
        { $limit: mostCards },
        { $match: { cardId: { $ne: null } } },
        { $group: { _id: '$cardId', at: { $max: '$createdAt' } } },
        { $sort: { at: -1, _id: 1 } },
        { $limit: limit },
      ])
      return rows.map(({ _id }) => _id)
    },

    /** When each of these customers was last written to by this guide; who never was is missing. */
    async lastOf({ corpId, userId }: GuidePrincipal, externalUserIds: string[]): Promise<Map<string, Date>> {
      const rows = await sends.aggregate<{ _id: string; at: Date }>([
        { $match: { corpId, userId, externalUserId: { $in: externalUserIds }, chatId: null, status: 'client_ok' } },
        { $group: { _id: '$externalUserId', at: { $max: '$createdAt' } } },
      ])
      return new Map(rows.map(({ _id, at }) => [_id, at]))
    },

    /** What was last sent to each of these customers, by guide. */
    lastToEach: (corpId: string, externalUserIds: string[]): Promise<SentTo[]> =>
      sends.collection
        .aggregate<SentTo>(
          [
            { $match: { corpId, externalUserId: { $in: externalUserIds }, status: 'client_ok' } },
            {
              $group: {
                _id: { externalUserId: '$externalUserId', userId: '$userId' },
                sentAt: { $max: '$createdAt' },
                openedAt: { $max: '$openedAt' },
              },
            },
          ],
          { maxTimeMS: 30_000, hint: { corpId: 1, externalUserId: 1, createdAt: -1 } },
        )
        .toArray(),

    /** Messages of a guide since then, by calendar day in Beijing: sent on it, and first opened on it. */
    async byDay(
      { corpId, userId }: GuidePrincipal,
      since: Date,
    ): Promise<{ sent: Map<string, number>; opened: Map<string, number> }> {
      const day = (field: string) => ({ $dateToString: { date: field, timezone: '+08:00', format: '%Y-%m-%d' } })
      type Row = { _id: string; count: number }
      const [sent, opened] = await Promise.all([
        sends.aggregate<Row>([
          { $match: { corpId, userId, status: 'client_ok', createdAt: { $gte: since } } },
          { $group: { _id: day('$createdAt'), count: { $sum: 1 } } },
        ]),
        sends.aggregate<Row>([
          { $match: { corpId, userId, openedAt: { $gte: since } } },
          { $group: { _id: day('$openedAt'), count: { $sum: 1 } } },
        ]),
      ])
      const toMap = (rows: Row[]) => new Map(rows.map(({ _id, count }) => [_id, count]))
      return { sent: toMap(sent), opened: toMap(opened) }
    },

    /** Where a token of a link leads; null for a token that no link of this corp carries. */
    async findLink(corpId: string, token: string): Promise<{ url: string; externalUserId: string | null } | null> {
      const row = await sends.findOne({ corpId, token }, { linkUrl: 1, externalUserId: 1 }).lean<Send>().exec()
      return row?.linkUrl ? { url: row.linkUrl, externalUserId: row.externalUserId } : null
    },

    /** Opened messages whose guide asked to be told and was not yet. */
    listToTell: (limit: number) =>
      sends
        .find({ tellWhenOpened: true, openedAt: trusted({ $exists: true }) })
        .sort({ openedAt: 1 })
        .limit(limit)
        .lean<Send[]>()
        .exec(),

    /** The guide was told, or never will be. */
    async markTold(sendId: string): Promise<void> {
      await sends.updateOne({ _id: sendId }, { $set: { tellWhenOpened: false } })
    },
  }
}
