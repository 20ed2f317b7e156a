import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Follows a text once nobody has typed for a moment, so that not every keystroke asks the server. */
export function useSettled<T>(source: Ref<T>, pauseMs = 250): Readonly<Ref<T>> {
  const settled = ref(source.value) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => (settled.value = now), pauseMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
