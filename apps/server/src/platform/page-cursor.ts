import { AppError } from './errors.ts'

/** Where a list stopped: the values it is sorted by, of the last row seen. */
export type CursorValue = string | number

/** @returns the text a caller sends back as `before` */
export const toCursor = (...values: CursorValue[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')

/**
 * @param shape the types of the values in their order
 * @returns null when there is no cursor: the first page
 * @throws AppError BAD_REQUEST for a text that no page of ours gave
 */
export function readCursor<const S extends ('string' | 'number')[]>(
  text: string | undefined,
  shape: S,
): { [I in keyof S]: S[I] extends 'string' ? string : number } | null {
  if (text === undefined) return null
  const values = parse(Buffer.from(text, 'base64url').toString())
  const fits =
    Array.isArray(values) &&
    values.length === shape.length &&
    shape.every((type, index) => typeof values[index] === type)
  if (!fits) throw new AppError('BAD_REQUEST', 'no such page', { at: '/before' })
  return values as never
}

/** Cuts one row more than asked for into a page and the place where the next one begins. */
export function toPage<T>(rows: T[], limit: number, cursorOf: (last: T) => string): { rows: T[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
