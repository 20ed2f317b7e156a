/** What the list can be narrowed to, in the order of its chips. */
export const scopes = ['every', 'corp', 'store', 'personal', 'paragraph', 'article'] as const
export type Scope = (typeof scopes)[number]
