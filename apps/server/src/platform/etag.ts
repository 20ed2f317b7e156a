import { createHash } from 'node:crypto'

import type { FastifyReply, FastifyRequest } from 'fastify'

/** A weak ETag for a text; weak, because compression on the way changes the bytes but not what they say. */
const weakEtag = (text: string) => `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`

/**
 * Answers 304 without a body when the caller already has this version.
 * @param version changes when the answer does
 * @returns true when the answer is sent and the handler is done: `if (replyNotModified(…)) return reply`
 */
export function replyNotModified(request: FastifyRequest, reply: FastifyReply, version: string): boolean {
  const etag = weakEtag(version)
  // Kept by this browser only, for this session only, and asked about before each use.
  void reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Cookie' })
  if (!matches(request.headers['if-none-match'], etag)) return false
  void reply.code(304).send()
  return true
}

function matches(header: string | undefined, etag: string): boolean {
  if (!header || header.length > 2_000) return false
  const bare = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag))
}
