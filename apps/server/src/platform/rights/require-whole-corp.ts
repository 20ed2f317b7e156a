import type { FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'

/** `onRequest` of routes that change what is everybody's, although their subject is open to narrow scopes. */
export async function requireWholeCorp({ admin }: FastifyRequest): Promise<void> {
  if (admin.reach) throw new AppError('FORBIDDEN', 'this takes a reach over the whole corp')
}
