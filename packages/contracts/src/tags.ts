import { Type, type Static } from 'typebox'

import { TagId } from './ids.ts'
import { SearchKeys } from './search-keys.ts'

export const TagView = Type.Object({ tagId: TagId, name: Type.String(), keys: SearchKeys })
export type TagView = Static<typeof TagView>

export const TagGroupView = Type.Object({
  groupId: TagId,
  name: Type.String(),
  tags: Type.Array(TagView),
})
export type TagGroupView = Static<typeof TagGroupView>

/** All corp tags in WeCom's order: groups, then tags. */
export const TagLibrary = Type.Object({ groups: Type.Array(TagGroupView) })
export type TagLibrary = Static<typeof TagLibrary>
