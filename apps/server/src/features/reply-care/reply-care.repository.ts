import { trusted, type Connection } from 'mongoose'

import type { GuidePrincipal } from '../../platform/access.ts'
import { isDuplicateKey } from '../../platform/duplicate-key.ts'
import { orderModel, proposalModel, type Proposal } from './reply-care.model.ts'

type Decision = Pick<Proposal, 'state' | 'reason' | 'decidedBy' | 'decidedAt'>
const mostOfGuide = 100

export function createReplyCareRepository(db: Connection) {
  const proposals = proposalModel(db)
  const orders = orderModel(db)
  const orderId = ({ corpId, userId }: GuidePrincipal) => `${corpId}/${userId}`

  return {
    /** @returns the one that waits already, if there is one */
    async insertOnce(proposal: Omit<Proposal, '_id'>): Promise<Proposal> {
      try {
        const { _id } = await proposals.create(proposal)
        return { ...proposal, _id }
      } catch (error) {
        const { corpId, replyId } = proposal
        const known = await proposals.findOne({ corpId, replyId, state: 'proposed' }).lean<Proposal>().exec()
        if (known && isDuplicateKey(error)) return known
        throw error
      }
    },

    find: (corpId: string, id: string): Promise<Proposal | null> =>
      proposals.findOne({ _id: id, corpId }).lean<Proposal>().exec(),

    /** @returns null when it is decided already */
    decide: (corpId: string, id: string, decision: Decision): Promise<Proposal | null> =>
      proposals
        .findOneAndUpdate({ _id: id, corpId, state: 'proposed' }, { $set: decision }, { returnDocument: 'after' })
        .lean<Proposal>()
        .exec(),

    listWaiting: (
      corpId: string,
      { after, limit }: { after: { at: Date; id: string } | null; limit: number },
    ): Promise<Proposal[]> =>
      proposals
        .find({
          corpId,
          state: 'proposed',
          ...(after && {
            $or: [
              { proposedAt: trusted({ $gt: after.at }) },
              { proposedAt: after.at, _id: trusted({ $gt: after.id }) },
            ],
          }),
        })
        .sort({ proposedAt: 1, _id: 1 })
        .limit(limit)
        .lean<Proposal[]>()
        .exec(),

    listOf: ({ corpId, userId }: GuidePrincipal): Promise<Proposal[]> =>
      proposals
        .find({ corpId, byUserId: userId })
        .sort({ proposedAt: -1 })
        .limit(mostOfGuide)
        .lean<Proposal[]>()
        .exec(),

    async readOrder(guide: GuidePrincipal): Promise<string[]> {
      return (await orders.findById(orderId(guide)).lean<{ replyIds: string[] }>().exec())?.replyIds ?? []
    },

    async saveOrder(guide: GuidePrincipal, replyIds: string[]): Promise<void> {
      await orders.updateOne({ _id: orderId(guide) }, { $set: { replyIds } }, { upsert: true })
    },
  }
}

export type ReplyCareRepository = ReturnType<typeof createReplyCareRepository>
