import { Schema, type Connection, type InferSchemaType } from 'mongoose'

/**
 * `deleted_by_customer`: one-sided, WeCom still lists it · `deleted_by_guide`: WeCom knows no such pair any more ·
 * `left_range`: WeCom does not show us this guide's customers any more.
 */
export const relationStatuses = ['active', 'deleted_by_customer', 'deleted_by_guide', 'left_range'] as const
export type StoredRelationStatus = (typeof relationStatuses)[number]

/** What the guide still has in WeCom. A list of values and not «other than»: so that an index can be walked for it. */
export const currentStatuses: StoredRelationStatus[] = ['active', 'deleted_by_customer']

const relationSchema = new Schema(
  {
    /** `corpId/userId/externalUserId`: one relation per guide and customer, the key that sync and callbacks upsert on. */
    _id: { type: String, required: true },
    corpId: { type: String, required: true },
    userId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    remark: { type: String, default: '' },
    description: { type: String, default: '' },
    /** Corp and rule-group tags, sorted; WeCom tells no ids of personal ones. */
    tagIds: { type: [String], default: [] },
    addedAt: { type: Date, required: true },
    addWay: { type: Number, required: true },
    /** Who began it: the guide, the customer's own id, or a colleague. */
    operUserId: { type: String, default: '' },
    /** Our channel parameter; empty when there was none. */
    state: { type: String, default: '' },
    status: { type: String, enum: relationStatuses, required: true },
    /** The customer's last coming or going by event: WeCom's lists do not tell a one-sided relation from a whole one. */
    customerMovedAt: { type: Date, default: null },
    customerGone: { type: Boolean, default: false },
    /**
     * Over the key and all that WeCom says of relation and customer: a row with the same mark brings nothing new. Empty
     * when the relation has ended, and after a change of our own until the next read.
     */
    mark: { type: String, default: '' },
    /** Grows with every change; a writer that saw another one begins anew. */
    revision: { type: Number, required: true },
    /** When WeCom last said (or took) what stands here. */
    syncedAt: { type: Date, required: true },
    /** When the read that this comes from began: a slower, older read never overwrites a newer one. */
    readBeganAt: { type: Date, required: true },
  },
  { strict: 'throw', strictQuery: 'throw', versionKey: false },
)
// contextOf (colleagues), refresh: everybody who follows one customer. Also the shard key.
relationSchema.index({ corpId: 1, externalUserId: 1 })
// countByGuides, listByGuide: a guide's current customers, newest first; counted without reading a document.
relationSchema.index({ corpId: 1, userId: 1, status: 1, addedAt: -1 })

export type Relation = InferSchemaType<typeof relationSchema>
export type RelationKey = { corpId: string; userId: string; externalUserId: string }
export type CustomerKey = { corpId: string; externalUserId: string }
export const relationModel = (db: Connection) => db.model('Relation', relationSchema)

export const relationId = ({ corpId, userId, externalUserId }: RelationKey) => `${corpId}/${userId}/${externalUserId}`
export const customerId = ({ corpId, externalUserId }: CustomerKey) => `${corpId}/${externalUserId}`
