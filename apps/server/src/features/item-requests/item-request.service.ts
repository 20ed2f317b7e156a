import type { ItemRequested, ItemRequestPage, ItemRequestQuery, RequestItem } from '@guidebar/contracts'

import type { MemberKey, GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { readCursor, toCursor, toPage } from '../../platform/page-cursor.ts'
import type { ItemRequestRepository } from './item-request.repository.ts'

type Deps = {
  requests: ItemRequestRepository
  guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<unknown> }
  clock: Clock
}

const countedDays = 30
const dayMs = 24 * 3_600_000

/** «反馈采购»: what customers ask for and the firm does not sell. */
export function createItemRequestService({ requests, guides, relations, clock }: Deps) {
  const since = (days: number) => new Date(clock.now().getTime() - days * dayMs)

  return {
    /** Once for each key. @throws AppError RELATION_NOT_FOUND when a customer is named who is not the guide's */
    async add(guide: GuidePrincipal, { key, words, sku = '', externalUserId }: RequestItem): Promise<ItemRequested> {
      if (externalUserId) await relations.requireOwn(guide, externalUserId)
      const { corpId, userId } = guide
      const subject = toSubject(words, sku)
      const storeId = (await guides.find(guide))?.storeId ?? ''
      const tap = { corpId, userId, storeId, subject, words: words.trim(), sku, externalUserId: externalUserId ?? null }
      await requests.addOnce({ _id: `${corpId}/${userId}/${key}`, ...tap, at: clock.now() })
      return { count: await requests.count(corpId, subject, since(countedDays)) }
    },

    async list({ corpId }: MemberKey, { days, before, limit }: ItemRequestQuery): Promise<ItemRequestPage> {
      const cursor = readCursor(before, ['number', 'string'])
      const after = cursor && { count: cursor[0], subject: cursor[1] }
      const rows = await requests.list(corpId, { since: since(days), after, limit: limit + 1 })
      const page = toPage(rows, limit, (last) => toCursor(last.count, last.subject))
      return {
        requests: page.rows.map(({ words, sku, count, guides: users, firstAt, lastAt }) => ({
          words,
          sku,
          count,
          guides: users,
          firstAt: firstAt.toISOString(),
          lastAt: lastAt.toISOString(),
        })),
        next: page.next,
      }
    },
  }
}

export type ItemRequestService = ReturnType<typeof createItemRequestService>

const toSubject = (words: string, sku: string) =>
  sku ? `sku:${sku}` : `words:${words.normalize('NFKC').toLowerCase().replace(/\s+/g, '')}`
