export { createIndex, search, searchAll } from './search.ts'
export type { Found, FoundAll, SearchOptions, SearchIndex, SearchItem, Range } from './search.ts'
