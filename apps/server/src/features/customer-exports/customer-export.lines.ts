import type { RelationTag } from '@guidebar/contracts'

import { toCsvLine } from '../../platform/csv.ts'
import { mask } from '../customers/customer.service.ts'
import type { CustomerEntry, EntryRelation } from '../customers/customer-entry.model.ts'
import type { CustomerExport } from './customer-export.model.ts'
import { exportColumns, exportWords, type ExportColumn } from './export.messages.ts'

type Language = CustomerExport['language']
export type ExportNames = { guides: Map<string, { name: string; storeName: string }>; tags: RelationTag[] }

const beijingMs = 8 * 3_600_000

export const toHeaderLine = (language: Language): string =>
  toCsvLine(exportColumns.map((column) => exportWords[language].columns[column]))

/** One line for each relation that may be seen: a guide's remark and tags are his own. */
export function toExportLines(entries: CustomerEntry[], names: ExportNames, language: Language): string {
  const rows = entries.flatMap((entry) => entry.relations.map((relation) => toCells(entry, relation, names, language)))
  return rows.map((cells) => toCsvLine(exportColumns.map((column) => cells[column]))).join('')
}

function toCells(
  entry: CustomerEntry,
  relation: EntryRelation,
  { guides, tags }: ExportNames,
  language: Language,
): Record<ExportColumn, string | number> {
  const words = exportWords[language]
  const guide = guides.get(relation.userId)
  return {
    name: entry.name,
    remark: relation.remark,
    guide: guide?.name ?? relation.userId,
    store: guide?.storeName ?? '',
    status: relation.status === 'deleted_by_customer' ? words.lost : '',
    tags: tags
      .filter(({ tagId }) => relation.tagIds.includes(tagId))
      .map(({ name }) => name)
      .join('、'),
    addedAt: toBeijing(relation.addedAt),
    source: words.sources[relation.addWay] ?? words.otherSource,
    channel: relation.state,
    tier: entry.tier,
    phone: mask(entry.phoneTail),
    doNotDisturb: entry.doNotDisturb ? words.yes : words.no,
    orders: entry.orderCount,
    spentYuan: (entry.spentFen / 100).toFixed(2),
    lastOrder: toBeijing(entry.lastOrderAt),
    lastSent: toBeijing(relation.sentAt),
    customerId: entry.externalUserId,
  }
}

const toBeijing = (moment: Date | null): string =>
  moment ? new Date(moment.getTime() + beijingMs).toISOString().slice(0, 16).replace('T', ' ') : ''
