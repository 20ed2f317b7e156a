import { createIndex, searchAll, type Range, type SearchIndex } from '@guidebar/pinyin-search'
import type { QuickReplyView, ReplyScope } from '@guidebar/contracts'

import { bodyOf } from './reply-text.ts'

export type ReplyFilter = { query: string; scope: ReplyScope | 'every'; folder: string | null }
export type ReplyHit = { reply: QuickReplyView; ranges: Range[] }
type Searchable = { title: string; keys: string; shortcut: string; body: string; reply: QuickReplyView }
export type ReplyIndex = { replies: QuickReplyView[]; index: SearchIndex<Searchable> }

/** The order the guide sees: what this guide uses most, then what everybody uses most. It stays the same meanwhile. */
export function createReplyIndex(replies: QuickReplyView[]): ReplyIndex {
  const sorted = [...replies].sort((a, b) => b.ownUses - a.ownUses || b.teamUses - a.teamUses)
  const index = createIndex(
    sorted.map((reply) => ({
      title: reply.title,
      keys: reply.keys,
      shortcut: reply.shortcut,
      body: bodyOf(reply),
      reply,
    })),
  )
  return { replies: sorted, index }
}

/** @param limit at most so many rows; `total` counts all that fit */
export function findReplies(
  { replies, index }: ReplyIndex,
  { query, scope, folder }: ReplyFilter,
  limit = Number.POSITIVE_INFINITY,
): { total: number; rows: ReplyHit[] } {
  const fits = (reply: QuickReplyView) =>
    (scope === 'every' || reply.scope === scope) && (folder === null || reply.folder === folder)
  // A leading slash is how a shortcut is typed elsewhere.
  const words = query.trim().replace(/^\//, '')
  if (!words) {
    const all = replies.filter(fits)
    return { total: all.length, rows: all.slice(0, limit).map((reply) => ({ reply, ranges: [] })) }
  }
  const { total, found } = searchAll(index, words, { limit, fits: ({ reply }) => fits(reply) })
  return { total, rows: found.map(({ item, ranges }) => ({ reply: item.reply, ranges })) }
}

/** Folders of the replies in view, by size of use: the first are the ones the guide knows. */
export function listFolders(replies: QuickReplyView[], scope: ReplyScope | 'every'): string[] {
  const seen = new Set<string>()
  for (const reply of replies) if (scope === 'every' || reply.scope === scope) seen.add(reply.folder)
  return [...seen]
}
