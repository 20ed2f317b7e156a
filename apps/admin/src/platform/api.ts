import { createApiClient } from '@guidebar/api-client'

export const api = createApiClient().admin
