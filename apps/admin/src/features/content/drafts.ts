import type { AnyContent, CardContent, ContentKind, ContentOf } from '@guidebar/contracts'

const blanks: { [K in ContentKind]: () => ContentOf[K] } = {
  replies: () => ({ folder: '', title: '', shortcut: '', parts: [{ type: 'text', text: '' }] }),
  cards: () => ({
    folder: '',
    kind: 'product',
    title: '',
    coverAssetId: null,
    coverUrl: null,
    appId: '',
    pathTemplate: 'pages/index.html?t={token}',
    sku: '',
    priceFen: null,
  }),
  knowledge: () => ({ folder: '', title: '', sku: '', paragraphs: [newParagraph([])] }),
  articles: () => ({ folder: '', title: '', description: '', url: 'https://', coverUrl: 'https://' }),
}

/** What a new item begins with. */
export const blankOf = (kind: ContentKind): AnyContent => blanks[kind]()

/** Ids of paragraphs stay for ever: what was sent can be found again. */
export function newParagraph(taken: readonly { id: string }[]): ContentOf['knowledge']['paragraphs'][number] {
  const ids = new Set(taken.map(({ id }) => id))
  let number = taken.length + 1
  while (ids.has(`p${number}`)) number += 1
  return { id: `p${number}`, heading: '', text: '' }
}

/** What the server takes: a picture's preview address is its own to give. */
export function toSaved(kind: ContentKind, content: AnyContent): AnyContent {
  if (kind !== 'replies') return content
  const reply = content as ContentOf['replies']
  return {
    ...reply,
    parts: reply.parts.map((part) =>
      'assetId' in part ? { type: part.type, assetId: part.assetId, name: part.name } : part,
    ),
  }
}

/** A text of the field at this JSON pointer, and of everything below it. */
export const isAt = (pointer: string, at: string) => at === pointer || at.startsWith(`${pointer}/`)

export const cardKinds: CardContent['kind'][] = ['product', 'coupon', 'member_card', 'activity', 'store']
