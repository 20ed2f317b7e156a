import type { MarkTags, RelationTag, RelationView } from '@guidebar/contracts'
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'

import { useI18n } from '../../platform/i18n.ts'
import { isOffline, toSupportCode, useFailureWords } from '../../platform/failure-words.ts'
import { useServices } from '../../platform/services.ts'
import { noteWecomUnreachable, putRelation } from './context.queries.ts'

/** done: WeCom has it · kept: it waits here for the network · refused: it was taken back on screen */
type Written = 'done' | 'kept' | 'refused'

/**
 * Puts tags on and takes them off one relation: shown at once, written one after another, taken back with one tap.
 * What WeCom refuses is undone on screen and said.
 */
export function useTagEditing(externalUserId: string) {
  const { api, pending, toasts } = useServices()
  const queries = useQueryClient()
  const { t, complete } = useI18n()
  const words = useFailureWords()
  const waiting = ref(0)
  // Changes are written in the order they were made: an undo must not overtake what it undoes.
  let turn: Promise<unknown> = Promise.resolve()
  let askAgain = false

  const show = (change: (relation: RelationView) => RelationView) => putRelation(queries, externalUserId, change)

  function write(tag: RelationTag, on: boolean): Promise<Written> {
    show((relation) => withTag(relation, tag, on))
    waiting.value += 1
    // An answer to an earlier question must not put the old tags back; it is asked again afterwards.
    const queryKey = ['context', externalUserId]
    if (queries.isFetching({ queryKey }) > 0) askAgain = true
    void queries.cancelQueries({ queryKey })
    const done = turn.then(async () => {
      const change: MarkTags = on ? { add: [tag.tagId], remove: [] } : { add: [], remove: [tag.tagId] }
      try {
        const relation = await api.markTags(externalUserId, change)
        // Later changes are already on screen; the answer of the last one is the truth.
        if (waiting.value === 1) show(() => relation)
        for (const name of ['tag-care', 'timeline'])
          void queries.invalidateQueries({ queryKey: [name, externalUserId] })
        return 'done'
      } catch (error) {
        if (isOffline(error) && pending.value) {
          await pending.value.writes.add({ kind: 'tags', externalUserId, what: tell(tag, on), change })
          return 'kept'
        }
        show((relation) => withTag(relation, tag, !on))
        noteWecomUnreachable(queries, externalUserId, error)
        await complete()
        const text = t(on ? 'tags.notAdded' : 'tags.notRemoved', { name: tag.name, cause: words(error).title })
        toasts.show({ tone: 'bad', text, code: toSupportCode(error) })
        return 'refused'
      } finally {
        waiting.value -= 1
        if (waiting.value === 0 && askAgain) {
          askAgain = false
          void queries.invalidateQueries({ queryKey })
        }
      }
    })
    turn = done
    return done
  }

  const tell = (tag: RelationTag, on: boolean) => t(on ? 'pending.tag' : 'pending.untag', { name: tag.name })

  async function change(tag: RelationTag, on: boolean): Promise<boolean> {
    const undo = () => void write(tag, !on)
    const toast = toasts.show({ text: t(on ? 'tags.added' : 'tags.removed', { name: tag.name }), undo })
    const written = await write(tag, on)
    if (written !== 'done') toasts.dismiss(toast)
    // Nobody else sees it yet, and the guide must know.
    if (written === 'kept') toasts.show({ text: t('pending.keptWhat', { what: tell(tag, on) }), undo })
    return written !== 'refused'
  }
  return {
    add: (tag: RelationTag) => change(tag, true),
    remove: (tag: RelationTag) => change(tag, false),
    waiting,
  }
}

function withTag(relation: RelationView, tag: RelationTag, on: boolean): RelationView {
  const others = relation.tags.filter((other) => other.tagId !== tag.tagId)
  return { ...relation, tags: on ? [...others, tag] : others }
}
