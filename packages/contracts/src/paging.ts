import { Type } from 'typebox'

/** Where the next page begins, as the page before gave it; says nothing by itself. */
export const PageCursor = Type.String({ minLength: 1, maxLength: 240, pattern: '^[A-Za-z0-9_-]+$' })
/** null when there is nothing more. */
export const NextPage = Type.Union([PageCursor, Type.Null()])
/** One page of a list: at most 50 rows, 20 unless told otherwise. */
export const pageFields = {
  before: Type.Optional(PageCursor),
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20 }),
}
export const PageQuery = Type.Object(pageFields, { additionalProperties: false })
