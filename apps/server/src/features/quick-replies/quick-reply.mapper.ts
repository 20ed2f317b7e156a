import type { QuickReplyView } from '@guidebar/contracts'

import type { QuickReply } from './quick-reply.model.ts'

type Extras = { ownUses: number; teamUses: number; urlOf: (assetId: string) => string }

export function toQuickReplyView(reply: QuickReply, { ownUses, teamUses, urlOf }: Extras): QuickReplyView {
  return {
    id: reply._id.toHexString(),
    scope: reply.scope,
    folder: reply.folder,
    title: reply.title,
    shortcut: reply.shortcut,
    parts: reply.parts.map((part) => ('assetId' in part ? { ...part, url: urlOf(part.assetId) } : part)),
    keys: reply.keys,
    teamUses,
    ownUses,
  }
}
