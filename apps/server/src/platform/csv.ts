/** Excel reads UTF-8 only with this in front. */
export const byteOrderMark = '\uFEFF'

/**
 * What a table program would take for a formula: `= + - @` and their full-width forms, tab, CR, LF or NUL at the
 * beginning, also behind blanks. csv-stringify's own guard misses line feeds, NUL and blanks.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
// eslint-disable-next-line no-control-regex
const looksLikeFormula = /^[\s\u0000\uFEFF\u200B\u2060]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n\u0000]/

/** One cell: neutralised, then quoted when it must be (RFC 4180). */
export function toCsvCell(value: string | number | boolean | null): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // eslint-disable-next-line no-control-regex
  const text = (value ?? '').replaceAll(/\u0000/g, '')
  const safe = looksLikeFormula.test(value ?? '') ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const toCsvLine = (cells: (string | number | boolean | null)[]): string =>
  `${cells.map(toCsvCell).join(',')}\r\n`

/** A whole file of rows that come piece by piece. @param head the names of the columns */
export async function* toCsvFile(
  head: string[],
  rows: AsyncIterable<(string | number | boolean | null)[]>,
): AsyncGenerator<string> {
  yield byteOrderMark + toCsvLine(head)
  for await (const row of rows) yield toCsvLine(row)
}
