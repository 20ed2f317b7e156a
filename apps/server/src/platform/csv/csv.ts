import { parse, CsvError } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

/** Signs that make a spreadsheet take a cell for a formula, full-width ones included: some programs fold them. */
const formula = /^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠﹢﹣﹦﹫\t\r\n\0]/u
/** Spreadsheets tell from it that a file is UTF-8. */
const bom = '\uFEFF'

/** A cell that no spreadsheet takes for a formula. An apostrophe in front is what spreadsheets themselves write. */
// oxlint-disable-next-line no-control-regex
const protect = (cell: string) => (formula.test(cell) ? `'${cell.replaceAll('\0', '')}` : cell.replaceAll('\0', ''))

/** Undoes `protect`, so that what was exported comes back as it was. */
const unprotect = (cell: string) => (cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell)

/** RFC 4180 with a byte order mark, every cell safe to open. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return (
    bom +
    stringify(
      rows.map((row) => row.map((cell) => protect(String(cell)))),
      // By itself it leaves single line ends bare.
      { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
    )
  )
}

/** What is wrong with a file as a whole. */
export class CsvFault extends Error {
  /** Line of the file, where there is one. */
  readonly line: number | undefined
  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}

/**
 * Reads a CSV file as spreadsheets write them: UTF-8, UTF-16 or GB 18030; commas, semicolons or tabs.
 * @returns one list of cells a row, the headings first; an empty line is a row of one empty cell
 * @throws CsvFault
 */
export function parseCsv(bytes: Buffer, limits: { rows: number; columns: number }): string[][] {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') throw new CsvFault('this is a workbook, not CSV')
  const text = decode(bytes)
  try {
    const rows: string[][] = parse(text, {
      delimiter: findDelimiter(text),
      relax_column_count: true,
      relax_quotes: false,
      to: limits.rows + 2,
    })
    if (rows.length > limits.rows + 1) throw new CsvFault(`more than ${limits.rows} rows`)
    if (rows.some((row) => row.length > limits.columns)) throw new CsvFault(`more than ${limits.columns} columns`)
    return rows.map((row) => row.map(unprotect))
  } catch (error) {
    if (error instanceof CsvError) throw new CsvFault(error.code, Number(error['lines']) || undefined)
    throw error
  }
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // What a Chinese Excel writes by itself.
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function findDelimiter(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/))
  const counts = [',', '\t', ';'].map((sign) => ({ sign, count: heading.split(sign).length }))
  return counts.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ','
}
