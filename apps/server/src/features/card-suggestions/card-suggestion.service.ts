import type { ActionRules, CardCatalogue, CardSuggestions } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { OrderLookups } from '../orders/order.lookups.ts'
import type { SendLookups } from '../sends/send.lookups.ts'
import { suggestCards } from './card-suggestion.rules.ts'

type Deps = {
  cards: { catalogue(guide: GuidePrincipal): Promise<CardCatalogue> }
  rules(corpId: string): Promise<ActionRules>
  sends: Pick<SendLookups, 'listCards' | 'recentCardIds'>
  orders: Pick<OrderLookups, 'listOf' | 'countByCard'>
  relations: { requireOwn(guide: GuidePrincipal, externalUserId: string): Promise<{ tagIds: string[] }> }
  groups: { requireMember(guide: GuidePrincipal, chatId: string): Promise<unknown> }
  tags: { describeFor(guide: GuidePrincipal, tagIds: string[]): Promise<{ name: string }[]> }
  clock: Clock
}

const dayMs = 24 * 3_600_000
const lookBackDays = 30
const mostRecent = 8
const mostOrders = 50

/** Cards to look at first for one customer or group. */
export function createCardSuggestionService({ cards, rules, sends, orders, relations, groups, tags, clock }: Deps) {
  async function factsOf(guide: GuidePrincipal, externalUserId: string) {
    const [{ tagIds }, bought] = await Promise.all([
      relations.requireOwn(guide, externalUserId),
      orders.listOf(guide.corpId, externalUserId, { limit: mostOrders }),
    ])
    const ownedSkus = new Set(bought.flatMap(({ items }) => items.map(({ sku }) => sku)))
    const tagNames = (await tags.describeFor(guide, tagIds)).map(({ name }) => name)
    return { ownedSkus, tagNames, lastBought: bought[0]?.items.map(({ name }) => name) ?? [] }
  }

  async function factsOfGroup(guide: GuidePrincipal, chatId: string) {
    await groups.requireMember(guide, chatId)
    return { ownedSkus: new Set<string>(), tagNames: [], lastBought: [] }
  }

  return {
    /**
     * @param target exactly one of customer and group
     * @throws AppError RELATION_NOT_FOUND, GROUP_NOT_FOUND, BAD_REQUEST
     */
    async of(guide: GuidePrincipal, target: { externalUserId?: string; chatId?: string }): Promise<CardSuggestions> {
      const { externalUserId, chatId } = target
      if ((externalUserId === undefined) === (chatId === undefined))
        throw new AppError('BAD_REQUEST', 'exactly one of externalUserId and chatId', { at: '/externalUserId' })
      const since = new Date(clock.now().getTime() - lookBackDays * dayMs)
      const here = { externalUserId: externalUserId ?? null, chatId: chatId ?? null }
      // Who it is comes first: a stranger's facts are not even read.
      const who =
        externalUserId === undefined ? await factsOfGroup(guide, chatId ?? '') : await factsOf(guide, externalUserId)
      const [catalogue, sentHere, recentIds, ordersByCard, { rules: known }] = await Promise.all([
        cards.catalogue(guide),
        sends.listCards(guide, here, since),
        sends.recentCardIds(guide, since, mostRecent),
        orders.countByCard(guide.corpId, since),
        rules(guide.corpId),
      ])
      const newItems = known.find(({ rule }) => rule === 'new_item')
      const interests = newItems?.isOn ? newItems.interests : []
      return { cards: suggestCards({ cards: catalogue.cards, sentHere, recentIds, ordersByCard, interests, ...who }) }
    },
  }
}

export type CardSuggestionService = ReturnType<typeof createCardSuggestionService>
