import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

import { AppError } from './errors.ts'

const hash = (text: string) => createHash('sha256').update(text).digest()

/**
 * Lets in whoever sends the ops token as bearer.
 * @throws AppError NOT_FOUND, as for no such address: whoever has no token learns nothing
 */
export function requireOpsToken({ headers }: FastifyRequest, opsToken: string | null): void {
  const given = /^Bearer (\S{1,300})$/i.exec(headers.authorization ?? '')?.[1]
  if (!opsToken || !given || !timingSafeEqual(hash(given), hash(opsToken)))
    throw new AppError('NOT_FOUND', 'there is nothing at this address')
}
