import { needTagGroup } from '../state/load.ts'
import { toTagGroupView } from '../views.ts'
import type { ActionDeps, Actions } from './client-actions.ts'

type TagActionName = 'createTagGroup' | 'createTag' | 'updateTag' | 'deleteTag' | 'shuffleTags'

/** What an administrator does to corp tags in the console. */
export function tagActions({ world, callbacks }: ActionDeps): Pick<Actions, TagActionName> {
  const raise = (changeType: string, id: string, tagType?: 'tag' | 'tag_group') =>
    callbacks.raise('change_external_tag', changeType, { Id: id, TagType: tagType, ChangeType: changeType })

  return {
    createTagGroup(seed) {
      const group = world.tags.addGroup({ createdBy: 'admin', ...seed })
      raise('create', group.id, 'tag_group')
      for (const tag of group.tags) raise('create', tag.id, 'tag')
      return toTagGroupView(world, group)
    },
    createTag({ groupId, ...row }) {
      const tag = world.tags.addTag(needTagGroup(world, groupId), { ...row, createdBy: 'admin' })
      raise('create', tag.id, 'tag')
      return { tagId: tag.id }
    },
    updateTag({ id, name, order }) {
      const tag = world.tags.liveTag(id)
      world.tags.edit(tag ?? needTagGroup(world, id), { name, order })
      raise('update', id, tag ? 'tag' : 'tag_group')
      return null
    },
    deleteTag({ id }) {
      const tag = world.tags.liveTag(id)
      if (tag) world.tags.removeTag(tag)
      else world.tags.removeGroup(needTagGroup(world, id))
      raise('delete', id, tag ? 'tag' : 'tag_group')
      return null
    },
    shuffleTags({ groupId }) {
      const rows = groupId ? needTagGroup(world, groupId).tags : [...world.tags.groups.values()]
      for (const row of rows) world.tags.edit(row, { order: world.random.below(1000) })
      raise('shuffle', groupId ?? '')
      return null
    },
  }
}
