import type { SegmentField, SegmentGroup, SegmentRule } from '@guidebar/contracts'

/** The fields in the order in which the editor offers them. */
export const fields: SegmentField[] = [
  'tag',
  'store',
  'guide',
  'addedAt',
  'addWay',
  'channel',
  'status',
  'orders',
  'spent',
  'lastOrder',
  'lastSent',
  'lastOpened',
  'tier',
  'birthday',
  'doNotDisturb',
]
export const addWays = [1, 2, 3, 4, 5, 6, 8, 9, 10, 16, 201, 202]
const dates = ['addedAt', 'lastOrder', 'lastSent', 'lastOpened'] as const
export type DateField = (typeof dates)[number]
export const isDate = (field: SegmentField): field is DateField => (dates as readonly string[]).includes(field)

/** What the editor works on: conditions that may not be complete yet. */
export type Draft = Record<string, unknown> & { field: SegmentField }
export type DraftGroup = { join: 'all' | 'any'; exclude: boolean; rules: Draft[]; groups: DraftGroup[] }

export const emptyGroup = (): DraftGroup => ({ join: 'all', exclude: false, rules: [], groups: [] })
export const toDraft = (group: SegmentGroup): DraftGroup => structuredClone(group) as unknown as DraftGroup

/** A condition as it begins. */
export function newDraft(field: SegmentField): Draft {
  if (isDate(field)) return { field, when: 'lastDays', days: 30 }
  switch (field) {
    case 'tag':
      return { field, is: 'any', tagIds: [] }
    case 'store':
      return { field, is: 'any', storeIds: [] }
    case 'guide':
      return { field, is: 'any', userIds: [] }
    case 'addWay':
      return { field, is: 'any', addWays: [] }
    case 'channel':
      return { field, is: 'any', states: [] }
    case 'tier':
      return { field, is: 'any', tiers: [] }
    case 'status':
      return { field, is: 'active' }
    case 'orders':
      return { field, compare: 'atLeast', count: 1 }
    case 'spent':
      return { field, compare: 'atLeast', amountFen: 100_000 }
    case 'birthday':
      return { field, months: [] }
    default:
      return { field: 'doNotDisturb', is: false }
  }
}

/** The list of a condition that chooses from something. */
export const listOf = {
  tag: 'tagIds',
  store: 'storeIds',
  guide: 'userIds',
  addWay: 'addWays',
  channel: 'states',
  tier: 'tiers',
  birthday: 'months',
} as const

/** Whether a condition says enough to be asked. */
export function isComplete(draft: Draft): boolean {
  const list = listOf[draft.field as keyof typeof listOf]
  if (list) return (draft[list] as unknown[]).length > 0
  if (draft['when'] === 'between')
    return Boolean(draft['from']) && Boolean(draft['to']) && draft['from']! <= draft['to']!
  if ('days' in draft)
    return Number.isInteger(draft['days']) && Number(draft['days']) >= 1 && Number(draft['days']) <= 3_650
  const number = draft['count'] ?? draft['amountFen']
  return number === undefined || (Number.isInteger(number) && Number(number) >= 0)
}

/** What can be asked now: conditions that are not complete are left out. */
export function toDefinition({ join, exclude, rules, groups }: DraftGroup): SegmentGroup {
  return {
    join,
    exclude,
    rules: rules.filter(isComplete).map((rule) => ({ ...rule }) as unknown as SegmentRule),
    groups: groups.map(toDefinition),
  }
}

export const countRules = ({ rules, groups }: SegmentGroup): number =>
  rules.length + groups.reduce((sum, group) => sum + countRules(group), 0)
export const hasIncomplete = ({ rules, groups }: DraftGroup): boolean =>
  rules.some((rule) => !isComplete(rule)) || groups.some(hasIncomplete)
