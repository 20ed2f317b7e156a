import type { ProposalState, ReplyPart } from '@guidebar/contracts'
import { Schema, type Connection, type Types } from 'mongoose'

export type Proposal = {
  _id: Types.ObjectId
  corpId: string
  replyId: string
  byUserId: string
  folder: string
  title: string
  parts: ReplyPart[]
  state: ProposalState
  reason: string
  proposedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
}
const proposalSchema = new Schema<Omit<Proposal, 'parts'> & { parts: unknown[] }>(
  {
    corpId: { type: String, required: true },
    replyId: { type: String, required: true },
    byUserId: { type: String, required: true },
    folder: { type: String, default: '' },
    title: { type: String, required: true },
    parts: { type: [Schema.Types.Mixed], required: true },
    state: { type: String, enum: ['proposed', 'accepted', 'refused'], required: true },
    reason: { type: String, default: '' },
    proposedAt: { type: Date, required: true },
    decidedBy: { type: String, default: null },
    decidedAt: { type: Date, default: null },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'replyProposals' },
)
// insertOnce: a reply waits for a decision once.
proposalSchema.index({ corpId: 1, replyId: 1 }, { unique: true, partialFilterExpression: { state: 'proposed' } })
// listWaiting: what an admin has to decide, the oldest first.
proposalSchema.index({ corpId: 1, state: 1, proposedAt: 1, _id: 1 })
// listOf: what became of a guide's proposals.
proposalSchema.index({ corpId: 1, byUserId: 1, proposedAt: -1 })
export const proposalModel = (db: Connection) => db.model('ReplyProposal', proposalSchema)

/** The order a guide wants his own replies in. */
const orderSchema = new Schema<{ _id: string; replyIds: string[] }>(
  {
    /** `corpId/userId` */
    _id: { type: String, required: true },
    replyIds: { type: [String], default: [] },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false, collection: 'replyOrders' },
)
export const orderModel = (db: Connection) => db.model('ReplyOrder', orderSchema)
