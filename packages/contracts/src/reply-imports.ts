import { Type, type Static } from 'typebox'

import { Moment, ObjectIdText } from './ids.ts'
import { NextPage, pageFields } from './paging.ts'

export const importFields = ['folder', 'title', 'content', 'shortcut', 'expiresOn', 'store'] as const
/** What a column of the file may stand for. */
export type ImportField = (typeof importFields)[number]
export const importLimits = { bytes: 5_000_000, rows: 10_000, columns: 40 } as const

/** mapping: columns are asked for · checked: rows are judged, nothing is written · then the two jobs and their ends. */
export const importStates = ['mapping', 'checked', 'committing', 'committed', 'undoing', 'undone'] as const
export const ImportState = Type.Enum(importStates)
export type ImportState = (typeof importStates)[number]

export const importVerdicts = ['create', 'update', 'skip', 'bad'] as const
/** skip: the same already stands there · bad: not taken, with its faults. */
export const ImportVerdict = Type.Enum(importVerdicts)
export type ImportVerdict = (typeof importVerdicts)[number]

/** Column of the file for each field; null when the file has none. */
export const ImportMapping = Type.Object(
  Object.fromEntries(
    importFields.map((field) => [field, Type.Union([Type.Integer({ minimum: 0, maximum: 39 }), Type.Null()])]),
  ) as Record<ImportField, ReturnType<typeof nullableColumn>>,
  { additionalProperties: false },
)
export type ImportMapping = Static<typeof ImportMapping>
function nullableColumn() {
  return Type.Union([Type.Integer(), Type.Null()])
}

/** What stands where something else was wanted, and how to put it right; words in the reader's language. */
export const ImportFault = Type.Object({
  code: Type.String(),
  /** Heading of the column, or its number. */
  column: Type.String(),
  expected: Type.String(),
  found: Type.String(),
  fix: Type.String(),
})
export type ImportFault = Static<typeof ImportFault>

export const ReplyImportView = Type.Object({
  id: ObjectIdText,
  fileName: Type.String(),
  state: ImportState,
  byName: Type.String(),
  at: Moment,
  headings: Type.Array(Type.String()),
  /** The first rows as they stand in the file. */
  sample: Type.Array(Type.Array(Type.String())),
  mapping: ImportMapping,
  /** Where rows go that name no store; empty for everybody. */
  storeId: Type.String(),
  rows: Type.Integer(),
  counts: Type.Object({
    create: Type.Integer(),
    update: Type.Integer(),
    skip: Type.Integer(),
    bad: Type.Integer(),
  }),
  /** Faults grouped by what repairs them, the most frequent first. */
  faults: Type.Array(Type.Object({ code: Type.String(), fix: Type.String(), rows: Type.Integer() })),
  /** Of the job under way or the last one. */
  progress: Type.Object({
    done: Type.Integer(),
    total: Type.Integer(),
    startedAt: Type.Union([Moment, Type.Null()]),
    endedAt: Type.Union([Moment, Type.Null()]),
  }),
  /** What really changed; `left` was changed by somebody else meanwhile and stays as it is. */
  result: Type.Object({
    created: Type.Integer(),
    updated: Type.Integer(),
    forReview: Type.Integer(),
    undone: Type.Integer(),
    left: Type.Integer(),
  }),
})
export type ReplyImportView = Static<typeof ReplyImportView>
export const ReplyImportList = Type.Object({ imports: Type.Array(ReplyImportView) })
export type ReplyImportList = Static<typeof ReplyImportList>

export const ReplyImportParams = Type.Object({ importId: ObjectIdText }, { additionalProperties: false })
export const ReplyImportFile = Type.Object(
  { fileName: Type.String({ minLength: 1, maxLength: 120 }) },
  { additionalProperties: false },
)
export const MapReplyImport = Type.Object(
  { mapping: ImportMapping, storeId: Type.String({ maxLength: 40 }) },
  { additionalProperties: false },
)
export type MapReplyImport = Static<typeof MapReplyImport>

export const ImportRowQuery = Type.Object(
  {
    ...pageFields,
    verdict: Type.Optional(ImportVerdict),
    locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('zh-TW'), Type.Literal('en')], { default: 'zh-CN' }),
  },
  { additionalProperties: false },
)
export const ImportRowPage = Type.Object({
  rows: Type.Array(
    Type.Object({
      /** As a spreadsheet counts: the heading is row 1. */
      row: Type.Integer(),
      verdict: ImportVerdict,
      folder: Type.String(),
      title: Type.String(),
      text: Type.String(),
      faults: Type.Array(ImportFault),
    }),
  ),
  next: NextPage,
})
export type ImportRowPage = Static<typeof ImportRowPage>
