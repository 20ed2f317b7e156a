import { createToasts } from '@guidebar/ui'

/** Short notices of the whole panel: what was done, with a way back where there is one. */
export const toasts = createToasts()
