import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DeadJobs, ErrorBody, JobKinds, PageQuery, RetryDeadJob } from '@guidebar/contracts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import { AppError } from '../errors.ts'
import { readCursor, toCursor, toPage } from '../page-cursor.ts'
import type { DeadJob } from './job.repository.ts'
import type { Jobs } from './jobs.ts'

/** Under `/api/admin`. Background work is the installation's own: only admins of the corp it was set up for see it. */
export const jobRoutes: FastifyPluginAsyncTypebox<{ jobs: Jobs; ownCorpId: () => string }> = async (
  app,
  { jobs, ownCorpId },
) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'sync' } } as const
  const writes = { access: 'admin', can: { action: 'write', subject: 'sync' } } as const
  const requireOwn = async ({ admin }: FastifyRequest) => {
    if (admin.corpId !== ownCorpId()) throw new AppError('NOT_FOUND', 'there is nothing at this address')
  }

  app.get(
    '/jobs',
    {
      config: reads,
      preHandler: requireOwn,
      schema: { operationId: 'listJobKinds', response: { 200: JobKinds, '4xx': ErrorBody } },
    },
    async () => {
      const stats = await jobs.stats()
      const kinds = stats.map(({ deadHere: _, lostHere: __, oldestRunAt, ...kind }) => ({
        ...kind,
        oldestRunAt: oldestRunAt?.toISOString() ?? null,
      }))
      return { kinds }
    },
  )

  app.get(
    '/jobs/dead',
    {
      config: reads,
      preHandler: requireOwn,
      schema: { operationId: 'listDeadJobs', querystring: PageQuery, response: { 200: DeadJobs, '4xx': ErrorBody } },
    },
    async ({ query: { before, limit } }) => {
      const cursor = readCursor(before, ['number', 'string'])
      const place = cursor && { at: new Date(cursor[0]), _id: cursor[1] }
      const rows = await jobs.listDead(limit + 1, place ?? undefined)
      const page = toPage(rows, limit, (last) => toCursor(failedAt(last).getTime(), last._id))
      return { jobs: page.rows.map(toDeadJobView), next: page.next }
    },
  )

  app.post(
    '/jobs/dead/retry',
    {
      config: { ...writes, audit: 'jobs.retried' },
      preHandler: requireOwn,
      // The id holds a slash, so it is no part of the address.
      schema: { operationId: 'retryDeadJob', body: RetryDeadJob, response: { 204: Type.Null(), '4xx': ErrorBody } },
    },
    async ({ body }, reply) => {
      if (!(await jobs.retryDead(body.id))) throw new AppError('NOT_FOUND', 'there is no such dead job')
      return reply.code(204).send(null)
    },
  )
}

const failedAt = ({ failure, enqueuedAt }: DeadJob) => failure?.at ?? enqueuedAt

const toDeadJobView = (job: DeadJob) => ({
  id: job._id,
  name: job.name,
  tries: job.tries,
  enqueuedAt: job.enqueuedAt.toISOString(),
  failedAt: failedAt(job).toISOString(),
  cause: job.failure?.code ?? 'INTERNAL',
  message: job.failure?.message ?? '',
})
