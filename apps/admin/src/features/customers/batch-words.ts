import type { TagBatchView } from '@guidebar/contracts'

type Translate = (key: string, values?: Record<string, string>) => string

/** What a batch does, in one line. */
export function describeBatch(batch: Pick<TagBatchView, 'kind' | 'addNames' | 'removeNames'>, t: Translate): string {
  const [added, removed] = [batch.addNames.join('、'), batch.removeNames.join('、')]
  if (batch.kind === 'merge') return t('customers.batches.merged', { from: removed, into: added })
  const parts = [
    added && t('customers.batches.added', { tags: added }),
    removed && t('customers.batches.removed', { tags: removed }),
  ].filter(Boolean)
  const words = parts.join(' · ')
  return batch.kind === 'undo' ? t('customers.batches.undone', { words }) : words
}
