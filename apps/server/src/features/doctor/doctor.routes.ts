import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ClientReport, DoctorQuery, DoctorReport, ErrorBody } from '@guidebar/contracts'
import { Type } from 'typebox'

import { firstAdminUserId } from '../../platform/rights/first-admin.rights.ts'
import { readCheckIds, type DoctorService } from './doctor.service.ts'

type Options = { doctor: DoctorService }

/** Under `/api/admin`. */
export const doctorRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { doctor }) => {
  app.get(
    '/doctor',
    {
      config: { access: 'admin', can: { action: 'read', subject: 'setup' } },
      schema: {
        operationId: 'examine',
        summary: 'Looks everything over: what is wrong, why, and what to do',
        querystring: DoctorQuery,
        response: { 200: DoctorReport, '4xx': ErrorBody },
      },
    },
    async ({ admin, query }) =>
      doctor.examine({
        lang: query.lang,
        ids: readCheckIds(query.ids),
        userId: admin.userId === firstAdminUserId ? null : admin.userId,
      }),
  )
}

/** Under `/api/sidebar`. */
export const clientReportRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { doctor }) => {
  app.post(
    '/client-reports',
    {
      config: { access: 'guide', limit: 'jsSignatures' },
      schema: {
        operationId: 'reportClient',
        summary: 'How the panel came up in the chat window',
        body: ClientReport,
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async ({ guide, body }, reply) => {
      await doctor.report(guide.corpId, body)
      return reply.code(204).send(null)
    },
  )
}

/** Where we ask ourselves from outside: answers a word that somebody expects, for a minute. */
export const doctorProbeRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { doctor }) => {
  app.get(
    '/doctor-probe/:word',
    {
      config: { access: 'public', limit: 'signIn' },
      schema: {
        operationId: 'answerProbe',
        hide: true,
        params: Type.Object({ word: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
      },
    },
    async (request, reply) => {
      const { host, protocol } = request
      const word = await doctor.answerProbe(request.params.word, { host, scheme: protocol })
      return reply.type('text/plain; charset=utf-8').send(word)
    },
  )
}
