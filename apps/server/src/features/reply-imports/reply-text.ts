import { messageLimits, utf8Bytes, type ReplyPart } from '@guidebar/contracts'

import type { RowFault } from './import.faults.ts'

/** What stands between two messages of one reply: a line of its own. */
const between = /\r?\n---\r?\n/
const mostParts = 9

/** A reply in one cell; what is no text stands in angle brackets and comes back as it was. */
export function toReplyText(parts: ReplyPart[]): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text
      if (part.type === 'card') return `<card:${part.cardId}>`
      if ('assetId' in part) return `<${part.type}:${part.assetId}:${part.name}>`
      const { title, description, url, imageUrl } = part
      return `<link:${JSON.stringify([title, description, url, imageUrl])}>`
    })
    .join('\n---\n')
}

/** The parts that stand in a cell. Whether pictures and cards exist is not said here. */
export function parseReplyText(cell: string): { parts: ReplyPart[]; faults: RowFault[] } {
  const texts = cell
    .split(between)
    .map((text) => text.trim())
    .filter(Boolean)
  if (texts.length === 0) return { parts: [], faults: [{ code: 'text-empty', field: 'content', found: cell }] }
  const parts = texts.map(toPart)
  const faults: RowFault[] = []
  if (parts.length > mostParts) faults.push({ code: 'too-many-parts', field: 'content', found: String(parts.length) })
  for (const part of parts) {
    if (part.type !== 'text') continue
    const bytes = utf8Bytes(part.text)
    if (bytes > messageLimits.textBytes)
      faults.push({ code: 'text-too-long', field: 'content', found: `${bytes}`, values: [messageLimits.textBytes] })
  }
  return { parts, faults }
}

function toPart(text: string): ReplyPart {
  const card = /^<card:([0-9a-f]{24})>$/.exec(text)?.[1]
  if (card) return { type: 'card', cardId: card }
  const [, type, assetId, name = ''] = /^<(image|file|video):([0-9a-f]{24}):([^\n]{0,100})>$/.exec(text) ?? []
  if (type === 'image' && assetId) return { type, assetId, name }
  if ((type === 'file' || type === 'video') && assetId && name) return { type, assetId, name }
  const link = /^<link:(\[.*\])>$/.exec(text)?.[1]
  return (link && toLink(link)) || { type: 'text', text }
}

function toLink(json: string): ReplyPart | null {
  try {
    const [title, description, url, imageUrl] = JSON.parse(json) as unknown[]
    const all = [title, description, url, imageUrl]
    if (!all.every((value) => typeof value === 'string')) return null
    return { type: 'link', title, description, url, imageUrl } as ReplyPart
  } catch {
    return null
  }
}
