import { renderReply, type AnyContent, type ContentKind, type ContentOf, type ReplyVariable } from '@guidebar/contracts'
import type { BubbleContent } from '@guidebar/ui'

/** What the preview knows beside the content. */
export type PreviewFacts = {
  /** Addresses of pictures of ours by asset id. */
  pictures: Record<string, string>
  /** Cards that replies name, by id. */
  cards: Record<string, { title: string; imageUrl: string; programName: string }>
  /** Names of mini programs by AppID. */
  programs: Record<string, string>
  /** Values of the variables; empty to see the fallbacks. */
  values: Partial<Record<ReplyVariable, string>>
}

/** What a customer's WeChat would draw, message by message. */
export function toBubbles(kind: ContentKind, content: AnyContent, facts: PreviewFacts): BubbleContent[] {
  if (kind === 'replies') return (content as ContentOf['replies']).parts.map((part) => toPartBubble(part, facts))
  if (kind === 'knowledge')
    return (content as ContentOf['knowledge']).paragraphs.map(({ text }) => ({ type: 'text', text }))
  if (kind === 'articles') {
    const { title, description, url, coverUrl } = content as ContentOf['articles']
    return [{ type: 'link', title, description, url, imageUrl: coverUrl }]
  }
  const { title, coverAssetId, coverUrl, appId } = content as ContentOf['cards']
  const imageUrl = coverAssetId ? (facts.pictures[coverAssetId] ?? '') : (coverUrl ?? '')
  return [{ type: 'card', title, imageUrl, programName: facts.programs[appId] ?? appId }]
}

function toPartBubble(
  part: ContentOf['replies']['parts'][number],
  { pictures, cards, values }: PreviewFacts,
): BubbleContent {
  if (part.type === 'text') return { type: 'text', text: renderReply(part.text, values) }
  if (part.type === 'image')
    return { type: 'image', url: pictures[part.assetId] ?? part.url ?? '', fileName: part.name }
  if (part.type === 'link') return part
  if (part.type === 'file' || part.type === 'video') return { type: part.type, fileName: part.name }
  return { type: 'card', ...(cards[part.cardId] ?? { title: '…', imageUrl: '', programName: '' }) }
}
