import type { ContactWarning, PrepareSend } from '@guidebar/contracts'

import type { GuidePrincipal } from '../../platform/access.ts'
import type { Send } from './send.model.ts'
import type { SendTarget } from './send.repository.ts'

/** What other features have to say about a message. */
export type SendExtras = {
  /** @throws AppError GROUP_NOT_FOUND unless the guide is a member of the group */
  requireGroup(guide: GuidePrincipal, chatId: string): Promise<void>
  /** What speaks against it. @throws AppError DO_NOT_DISTURB */
  beforeSend(guide: GuidePrincipal, target: SendTarget, request: PrepareSend): Promise<ContactWarning[]>
  /** The client took it. Told again for the same message when the outcome is reported again. */
  afterSent(guide: GuidePrincipal, send: Send): Promise<void>
}
