import { createMongoAbility } from '@casl/ability'
import { rightsActions } from '@guidebar/contracts'

import type { AdminAbility } from './ability.ts'
import type { MemberRights } from './rights.service.ts'

/** Who came in with the code, before WeCom knows him: no userid begins with @. */
export const firstAdminUserId = '@first-admin'

/** Stands for the corp as long as none is known. */
export const installationId = 'installation'

/** What the code opens: connecting the corp, and nothing of its data. */
export const firstAdminRights = (): MemberRights => ({
  role: 'owner',
  scope: { kind: 'self' },
  reach: { storeIds: [], userIds: [] },
  ability: createMongoAbility<AdminAbility>([{ action: [...rightsActions], subject: ['self', 'setup', 'sync'] }]),
})
