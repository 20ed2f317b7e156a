import { readonly, ref } from 'vue'

/** Whether the query matches, kept up to date for the life of the page. */
export function useMediaQuery(query: string) {
  const list = matchMedia(query)
  const matches = ref(list.matches)
  list.addEventListener('change', () => (matches.value = list.matches))
  return readonly(matches)
}
