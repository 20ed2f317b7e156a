import { expect, test } from 'vitest'

import { parseCsv, toCsv } from './csv.ts'

const starts = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']
const cells = [
  ...starts.map((start) => `${start}cmd|' /C calc'!A0`),
  ...starts.map((start) => ` ${start}1+1`),
  ...starts.map((start) => `\n\t${start}HYPERLINK("http://x")`),
  '\u200B=1',
  '\u3000=1',
  '\uFEFF=1',
  '"=1"',
]

test('no cell of an export begins as a formula, whatever stands in it', () => {
  const csv = toCsv(cells.map((cell) => [cell]))

  const read = parseCsvRaw(csv)

  expect(read).toHaveLength(cells.length)
  expect(read.filter((cell) => !cell.startsWith("'") && !cell.startsWith('"'))).toEqual([])
  expect(csv.startsWith('\uFEFF')).toBe(true)
  expect(csv).not.toContain('\0')
})

test('what was made safe is read back as it was', () => {
  const plain = ['普通', '含,逗号', '含"引号"', '两\n行', '=SUM(A1)', '-5', "'引文", '']

  const read = parseCsv(Buffer.from(toCsv([['a'], ...plain.map((cell) => [cell])])), { rows: 20, columns: 5 })

  expect(read.slice(1).map(([cell]) => cell)).toEqual(plain)
})

test.each(['a;b\n1;2', 'a\tb\n1\t2', '\uFEFFa,b\r\n1,2'])('the separator of %j is found', (text) => {
  expect(parseCsv(Buffer.from(text), { rows: 5, columns: 5 })).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ])
})

test('too many rows or columns and a torn quote are faults of the file', () => {
  const limits = { rows: 2, columns: 2 }

  expect(() => parseCsv(Buffer.from('a\n1\n2\n3'), limits)).toThrow(/rows/)
  expect(() => parseCsv(Buffer.from('a,b,c\n'), limits)).toThrow(/columns/)
  expect(() => parseCsv(Buffer.from('a\n"1'), limits)).toThrow(/QUOTE/)
})

/** The cells as a spreadsheet gets them, before our own reading takes the apostrophe away. */
function parseCsvRaw(csv: string): string[] {
  const found = csv.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^\r\n]*))\r\n/g)
  return [...found].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '')
}
