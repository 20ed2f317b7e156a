import { QueryCache, QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'

import AdminApp from './AdminApp.vue'
import { createMessages } from './platform/messages/messages.ts'
import { createAdminRouter } from './platform/router.ts'
import { isSignedOut, meQuery } from './platform/session.queries.ts'
import './platform/shell.css'

const queries = new QueryClient({
  // Whichever call finds the session ended: who is signed in is asked anew, and the shell leads to the sign-in.
  queryCache: new QueryCache({
    onError(error, { queryKey }) {
      if (isSignedOut(error) && queryKey[0] !== meQuery.queryKey[0])
        void queries.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  }),
  // An answer of the server is final; only what may simply be tried again is, once.
  defaultOptions: { queries: { retry: 1, staleTime: 5_000 } },
})

createApp(AdminApp)
  .use(await createMessages(navigator.language))
  .use(createAdminRouter())
  .use(VueQueryPlugin, { queryClient: queries })
  .mount('#app')
