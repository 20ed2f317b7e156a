export { createIndex, search, searchAll, searchNearly } from './search.ts'
export type { Found, FoundAll, SearchOptions, SearchIndex, SearchItem, Range } from './search.ts'
