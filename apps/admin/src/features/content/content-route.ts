import { contentKinds, type ContentKind } from '@guidebar/contracts'
import { computed } from 'vue'
import { useRoute } from 'vue-router'

/** Which kind this page is about, and which item; its route's name says so. */
export function useContentRoute() {
  const route = useRoute()
  return {
    kind: computed<ContentKind>(() => contentKinds.find((kind) => String(route.name).includes(kind)) ?? 'replies'),
    itemId: computed(() => (typeof route.params['itemId'] === 'string' ? route.params['itemId'] : null)),
  }
}
