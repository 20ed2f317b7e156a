import type { QuickReplyView, ReplyPart, SaveQuickReply } from '@guidebar/contracts'
import { messageLimits, utf8Bytes } from '@guidebar/contracts/limits'
import { findReplyFaults, type ReplyFault } from '@guidebar/contracts/reply-faults'

export const mostParts = 9

/** A reply while it is being written. `id` keeps a part's field in place while parts move. */
export type ReplyDraft = {
  title: string
  folder: string
  shortcut: string
  parts: { id: number; part: ReplyPart }[]
}
export type DraftFault =
  | { at: 'title' | 'parts' }
  | { at: number; fault: ReplyFault }
  | { at: number; overBytes: number }

let lastId = 0
export function toDraftPart(part: ReplyPart) {
  return { id: ++lastId, part: { ...part } }
}

export function toDraft(reply: QuickReplyView | null): ReplyDraft {
  const parts: ReplyPart[] = reply?.parts ?? [{ type: 'text', text: '' }]
  return {
    title: reply?.title ?? '',
    folder: reply?.folder ?? '',
    shortcut: reply?.shortcut ?? '',
    parts: parts.map(toDraftPart),
  }
}

/** What must be put right before the reply can be saved. */
export function findDraftFaults(draft: ReplyDraft): DraftFault[] {
  const faults: DraftFault[] = []
  if (!draft.title.trim()) faults.push({ at: 'title' })
  if (toParts(draft).length === 0) faults.push({ at: 'parts' })
  draft.parts.forEach(({ part }, at) => {
    if (part.type !== 'text') return
    for (const fault of findReplyFaults(part.text)) faults.push({ at, fault })
    const over = utf8Bytes(part.text) - messageLimits.textBytes
    if (over > 0) faults.push({ at, overBytes: over })
  })
  return faults
}

export function toSaved(draft: ReplyDraft): SaveQuickReply {
  return {
    title: draft.title.trim(),
    folder: draft.folder.trim(),
    shortcut: draft.shortcut.trim(),
    parts: toParts(draft),
  }
}

/** Empty texts are not sent; a preview address is the server's to give. */
function toParts(draft: ReplyDraft): ReplyPart[] {
  return draft.parts.flatMap(({ part }): ReplyPart[] => {
    if (part.type === 'text') return part.text.trim() ? [{ type: 'text', text: part.text.trim() }] : []
    if ('assetId' in part) return [{ type: part.type, assetId: part.assetId, name: part.name }]
    if (part.type === 'card') return part.cardId ? [part] : []
    return [part]
  })
}
