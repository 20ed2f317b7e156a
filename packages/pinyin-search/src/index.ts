export { createIndex, search } from './search.ts'
export type { Found, SearchIndex, SearchItem, Range } from './search.ts'
