import { createApiClient } from '@guidebar/api-client'

import { fetchAttended } from './attendance.ts'
import { askToSignInAgain } from './reauth.ts'

export const api = createApiClient({
  fetch: fetchAttended,
  onRefused: async ({ code }) => code === 'REAUTH_REQUIRED' && askToSignInAgain(),
}).admin
