import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'

import AdminApp from './AdminApp.vue'
import { createMessages } from './platform/messages/messages.ts'
import { createAdminRouter } from './platform/router.ts'
import './platform/shell.css'

const queries = new QueryClient({
  // An answer of the server is final; only what may simply be tried again is, once.
  defaultOptions: { queries: { retry: 1, staleTime: 5_000 } },
})

createApp(AdminApp)
  .use(await createMessages(navigator.language))
  .use(createAdminRouter())
  .use(VueQueryPlugin, { queryClient: queries })
  .mount('#app')
