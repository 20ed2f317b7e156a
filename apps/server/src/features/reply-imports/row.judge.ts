import type { ImportField, ImportMapping, SaveQuickReply } from '@guidebar/contracts'
import type { Types } from 'mongoose'

import type { ImportRow } from './import.model.ts'
import type { RowFault, RowFaultCode } from './import.faults.ts'
import { parseReplyText } from './reply-text.ts'

/** What stands at the desk already, by place and name. */
export type KnownReply = { id: Types.ObjectId; content: SaveQuickReply; expiresOn: string | null }
export type JudgeContext = {
  mapping: ImportMapping
  columns: number
  /** Where rows go that name no store. */
  storeId: string
  forEverybody: boolean
  /** Ids of the stores one may write for, by id and by name. */
  stores: ReadonlyMap<string, string>
  known: ReadonlyMap<string, KnownReply>
  /** What would fail in a chat, by the desk's own check. */
  check(content: SaveQuickReply): Promise<{ id: string }[]>
}
export type Judged = Pick<ImportRow, 'verdict' | 'faults' | 'content' | 'expiresOn' | 'storeId'> & {
  itemId: Types.ObjectId | null
}

const checked: Record<string, RowFaultCode> = {
  'unknown-variable': 'unknown-variable',
  'missing-fallback': 'missing-fallback',
  'broken-braces': 'broken-braces',
  'broken-blank': 'broken-blank',
  'text-empty': 'text-empty',
  'picture-missing': 'reference-unknown',
  'file-missing': 'reference-unknown',
  'card-missing': 'reference-unknown',
  'card-not-published': 'reference-unknown',
  'address-bad': 'reference-unknown',
  'title-too-long': 'reference-unknown',
  'description-too-long': 'reference-unknown',
}

/** Names one reply: a place has each title of a folder once. */
export const placeOf = (storeId: string, folder: string, title: string) => JSON.stringify([storeId, folder, title])

/** Judges rows in the order of the file. */
export function createRowJudge(context: JudgeContext) {
  const { mapping, columns, stores, known, forEverybody, check } = context
  const seen = new Map<string, number>()

  return async ({ cells, row }: Pick<ImportRow, 'cells' | 'row'>): Promise<Judged> => {
    const cellOf = (field: ImportField) => (mapping[field] === null ? '' : (cells[mapping[field]] ?? '').trim())
    const faults: RowFault[] = []
    const fail = (code: RowFaultCode, field: ImportField | null, found: string, values?: (string | number)[]) =>
      faults.push({ code, field, found, ...(values && { values }) })

    if (cells.slice(columns).some((cell) => cell.trim() !== '')) fail('too-many-cells', null, String(cells.length))
    const [folder, title, shortcut] = [cellOf('folder'), cellOf('title'), cellOf('shortcut')]
    if (title === '') fail('title-empty', 'title', '')
    if (title.length > 40) fail('title-too-long', 'title', title)
    if (folder.length > 30) fail('folder-too-long', 'folder', folder)
    if (!/^[A-Za-z0-9]{0,12}$/.test(shortcut)) fail('shortcut-bad', 'shortcut', shortcut)
    const expiresOn = toDay(cellOf('expiresOn'))
    if (expiresOn === undefined) fail('expires-bad', 'expiresOn', cellOf('expiresOn'))
    const named = cellOf('store')
    const storeId = named === '' ? context.storeId : (stores.get(named) ?? '')
    if ((named !== '' && storeId === '') || (storeId === '' && !forEverybody)) fail('store-unknown', 'store', named)

    const { parts, faults: partFaults } = parseReplyText(cellOf('content'))
    faults.push(...partFaults)
    const place = placeOf(storeId, folder, title)
    const earlier = seen.get(place)
    if (earlier !== undefined && title !== '') fail('twice-in-file', 'title', title, [earlier])
    else seen.set(place, row)
    const content: SaveQuickReply = { folder, title, shortcut: shortcut.toLowerCase(), parts }
    if (faults.length === 0)
      for (const { id } of await check(content)) fail(checked[id] ?? 'broken-braces', 'content', cellOf('content'))

    if (faults.length > 0) return { verdict: 'bad', faults, content: null, expiresOn: null, storeId, itemId: null }
    const there = known.get(place)
    const isSame = there && isEqual(there.content, content) && there.expiresOn === (expiresOn ?? null)
    const verdict = isSame ? 'skip' : there ? 'update' : 'create'
    return { verdict, faults, content, expiresOn: expiresOn ?? null, storeId, itemId: there?.id ?? null }
  }
}

/** @returns undefined for what is no day, null for none */
function toDay(text: string): string | null | undefined {
  if (text === '') return null
  const [, year, month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? []
  if (!year) return undefined
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const parsed = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== iso ? undefined : iso
}

const isEqual = (a: SaveQuickReply, b: SaveQuickReply) => fingerprint(a) === fingerprint(b)
/** A picture's preview address says nothing about the reply, and keys may stand in any order. */
const fingerprint = ({ folder, title, shortcut, parts }: SaveQuickReply) =>
  JSON.stringify([folder, title, shortcut, parts.map((part) => Object.entries(toPlain(part)).toSorted(byKey))])
/** Blanks around a text do not come through a file. */
const toPlain = (part: SaveQuickReply['parts'][number]) =>
  part.type === 'text' ? { ...part, text: part.text.trim() } : { ...part, url: part.type === 'link' ? part.url : '' }
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
