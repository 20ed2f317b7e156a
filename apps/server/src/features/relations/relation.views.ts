import type { CustomerView, RelationTag, RelationView } from '@guidebar/contracts'

import type { Customer } from './customer.model.ts'
import type { Relation } from './relation.model.ts'

/** @param readAt when the guide's whole list was last read; an unchanged relation is not written again by that */
export function toRelationView(relation: Relation, tags: RelationTag[], readAt: Date | null): RelationView {
  const syncedAt = readAt && readAt > relation.syncedAt ? readAt : relation.syncedAt
  return {
    externalUserId: relation.externalUserId,
    status: relation.status === 'deleted_by_customer' ? 'deleted_by_customer' : 'active',
    remark: relation.remark,
    description: relation.description,
    tags,
    addedAt: relation.addedAt.toISOString(),
    addWay: relation.addWay,
    state: relation.state,
    syncedAt: syncedAt.toISOString(),
  }
}

export function toCustomerView({ externalUserId, name, avatarUrl, gender, type, corpName }: Customer): CustomerView {
  return { externalUserId, name, avatarUrl: avatarUrl ?? null, gender, type, corpName: corpName ?? null }
}
