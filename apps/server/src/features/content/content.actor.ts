import type { ContentKind, RightsAction, RightsSubject } from '@guidebar/contracts'

import type { AdminPrincipal } from '../../platform/access.ts'
import { AppError } from '../../platform/errors.ts'
import { scope } from '../../platform/rights/scope.ts'
import type { ShelfRow } from '../../platform/shelf/shelf.fields.ts'

/** Who works at the desk: an admin with a role and a reach. */
export type Actor = Pick<AdminPrincipal, 'corpId' | 'userId' | 'reach'> & {
  ability: { can(action: RightsAction, subject: RightsSubject): boolean }
}

/** Rows this admin may see: everybody's, those of his stores, and what the guides of his stores wrote for themselves. */
export function readable(actor: Actor, kind: ContentKind): object {
  const within = scope(actor)
  if (within.isAll) return { corpId: within.corpId }
  if (kind !== 'replies') return within.readableContent()
  return { $or: [within.readableContent(), { ...within.byGuide('ownerUserId'), scope: 'personal' }] }
}

export function isReadable({ corpId, reach }: Actor, row: ShelfRow): boolean {
  if (row.corpId !== corpId) return false
  if (!reach || !row.scope || row.scope === 'corp') return true
  return row.scope === 'store'
    ? reach.storeIds.includes(row.storeId ?? '')
    : reach.userIds.includes(row.ownerUserId ?? '')
}

/** What a guide wrote for himself is his; everybody's takes a reach over the whole corp. */
export function isWritable({ reach }: Actor, { scope = 'corp', storeId = '' }: Pick<ShelfRow, 'scope' | 'storeId'>) {
  if (scope === 'personal') return false
  return !reach || (scope === 'store' && reach.storeIds.includes(storeId))
}

export function requireRight({ ability }: Actor, action: 'write' | 'publish', kind: ContentKind): void {
  if (!ability.can(action, kind)) throw new AppError('FORBIDDEN', `this takes the right ${action}:${kind}`)
}
