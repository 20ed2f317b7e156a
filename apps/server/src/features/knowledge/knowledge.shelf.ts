import { messageLimits, utf8Bytes, type SaveKnowledgeArticle } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import type { LibraryStamps } from '../../platform/library-stamp.ts'
import { searchKeys } from '../../platform/pinyin-keys.ts'
import { toFinding, type Fault } from '../../platform/shelf/fault-words.ts'
import { createShelf } from '../../platform/shelf/shelf.ts'
import { knowledgeModel, type KnowledgeArticle } from './knowledge.model.ts'

/** Knowledge as the desk keeps it. */
export function createKnowledgeShelf({ db, stamps }: { db: Connection; stamps: LibraryStamps }) {
  return createShelf<KnowledgeArticle, SaveKnowledgeArticle>(
    { db, stamps },
    {
      name: 'knowledge',
      model: knowledgeModel(db) as never,
      libraryOf: (corpId) => `knowledge/${corpId}`,
      lifeOf: ({ isDraft, archivedAt }) => (isDraft ? 'draft' : archivedAt ? 'archived' : 'published'),
      life: {
        draft: () => ({ archivedAt: null }),
        published: () => ({ archivedAt: null }),
        archived: (at) => ({ archivedAt: at }),
      },
      shownFilter: { archivedAt: null },
      lifeFilter: {
        draft: { isDraft: true },
        published: { isDraft: trusted({ $ne: true }), archivedAt: null },
        archived: { isDraft: trusted({ $ne: true }), archivedAt: trusted({ $ne: null }) },
      },
      toContent: ({ folder, title, sku, paragraphs }) => ({
        folder,
        title,
        sku,
        paragraphs: paragraphs.map(({ id, heading, text }) => ({ id, heading, text })),
      }),
      async toFields(_, { folder, title, sku, paragraphs }) {
        const name = title.trim()
        return {
          folder: folder.trim(),
          title: name,
          sku: sku ?? '',
          keys: searchKeys(name),
          paragraphs: paragraphs.map((paragraph) => ({ ...paragraph, keys: searchKeys(paragraph.heading) })),
        }
      },
      check: async (_, content, { locale }) => findKnowledgeFaults(content).map((fault) => toFinding(fault, locale)),
      summarize: ({ paragraphs }) => ({
        summary: paragraphs.map(({ heading }) => heading).join(' · '),
        pictureUrl: null,
      }),
      picturesOf: () => ({}),
    },
  )
}

function findKnowledgeFaults({ title, paragraphs }: SaveKnowledgeArticle): Fault[] {
  const faults: Fault[] = title.trim() === '' ? [{ id: 'title-empty', at: '/title' }] : []
  if (new Set(paragraphs.map(({ id }) => id)).size < paragraphs.length)
    faults.push({ id: 'paragraph-twice', at: '/paragraphs' })
  for (const [index, { heading, text }] of paragraphs.entries()) {
    const at = `/paragraphs/${index}`
    const bytes = utf8Bytes(text)
    if (heading.trim() === '') faults.push({ id: 'title-empty', at: `${at}/heading` })
    if (text.trim() === '') faults.push({ id: 'text-empty', at: `${at}/text` })
    if (bytes > messageLimits.textBytes)
      faults.push({ id: 'text-too-long', at: `${at}/text`, values: [bytes, messageLimits.textBytes] })
  }
  return faults
}
