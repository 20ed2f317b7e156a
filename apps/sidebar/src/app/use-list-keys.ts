import { computed, nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

import { shortcutsOn } from './shortcuts.ts'

type Options = {
  /** Prefix of the options' ids; the nth option has the id `${listId}-${n}`. */
  listId: string
  count: Ref<number>
  query: Ref<string>
  open: (at: number) => void
  /** What a digit and Ctrl+Enter do; they open where there is nothing to send. */
  send?: (at: number) => void
  /** Which option the nth digit means; without it the nth one. */
  nthOption?: (nth: number) => number
  focusSearch: () => void
  /** Whether a longer query would still find something; then a digit is part of the query. */
  wouldFind: (query: string) => boolean
}

/**
 * Keys of a search box with a list under it: ↑ ↓ move, Enter opens, Ctrl+Enter sends, `/` leads to the box, 1–9 send the
 * nth.
 * In the box a digit is typed as long as something has it; keys of an input method are never taken.
 */
export function useListKeys({
  listId,
  count,
  query,
  open,
  send = open,
  nthOption = (nth) => nth - 1,
  focusSearch,
  wouldFind,
}: Options) {
  const active = ref(-1)
  watch([query, count], () => {
    active.value = query.value && count.value > 0 ? 0 : -1
  })
  const activeId = computed(() => (active.value < 0 ? undefined : `${listId}-${active.value}`))

  async function moveTo(at: number) {
    active.value = Math.max(0, Math.min(count.value - 1, at))
    await nextTick()
    document.getElementById(`${listId}-${active.value}`)?.scrollIntoView({ block: 'nearest' })
  }

  function handleBoxKey(event: KeyboardEvent) {
    // 229: some clients report a key of the input method without `isComposing`.
    if (event.isComposing || event.keyCode === 229) return
    const steps: Record<string, number> = { ArrowDown: active.value + 1, ArrowUp: active.value - 1 }
    const step = steps[event.key]
    if (step !== undefined && count.value > 0) {
      event.preventDefault()
      void moveTo(step)
    } else if (event.key === 'Enter' && count.value > 0) {
      event.preventDefault()
      const chosen = Math.max(0, active.value)
      if (event.ctrlKey || event.metaKey) send(chosen)
      else open(chosen)
    } else if (event.key === 'Escape' && query.value) {
      event.preventDefault()
      query.value = ''
    } else if (shortcutsOn.value && isDigit(event) && query.value && !wouldFind(query.value + event.key)) {
      openNth(event)
    }
  }

  function handlePageKey(event: KeyboardEvent) {
    if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (!shortcutsOn.value || isTyping(event.target) || document.querySelector('[role=dialog]')) return
    if (event.key === '/') {
      event.preventDefault()
      focusSearch()
    } else if (isDigit(event)) openNth(event)
  }

  function openNth(event: KeyboardEvent) {
    const at = nthOption(Number(event.key))
    if (at < 0 || at >= count.value) return
    event.preventDefault()
    send(at)
  }

  onMounted(() => document.addEventListener('keydown', handlePageKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', handlePageKey))
  return { active, activeId, handleBoxKey }
}

function isDigit(event: KeyboardEvent): boolean {
  return /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable)
}
