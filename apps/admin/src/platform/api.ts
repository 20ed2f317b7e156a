import { createApiClient } from '@guidebar/api-client'

import { askToSignInAgain } from './reauth.ts'

export const api = createApiClient({
  onRefused: async ({ code }) => code === 'REAUTH_REQUIRED' && askToSignInAgain(),
}).admin
