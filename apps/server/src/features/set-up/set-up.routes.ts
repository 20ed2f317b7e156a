import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CredentialsSaved,
  DoctorQuery,
  ErrorBody,
  MadeCallback,
  SaveCallback,
  SaveCredentials,
  SaveSetUpProgress,
  SaveVerifyFile,
  SetUpView,
  TestMiniProgram,
} from '@guidebar/contracts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'

import type { AuditService } from '../../platform/audit/audit.service.ts'
import { AppError } from '../../platform/errors.ts'
import { firstAdminUserId } from '../../platform/rights/first-admin.rights.ts'
import type { CorpSettingsService, CorpSettingsInput } from '../corp-settings/corp-settings.service.ts'
import type { SetUpService } from './set-up.service.ts'

type Options = { setUp: SetUpService; corpSettings: CorpSettingsService; audit: AuditService }

const refusals = { '4xx': ErrorBody, '5xx': ErrorBody }
const Language = Type.Pick(DoctorQuery, ['lang'])

/** Under `/api/admin`. */
export const setUpRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { setUp, corpSettings, audit }) => {
  const reading = { access: 'admin', can: { action: 'read', subject: 'setup' } } as const
  const writing = { access: 'admin', can: { action: 'write', subject: 'setup' } } as const

  /** Which values were entered goes on record, never what they are. */
  async function keep({ admin }: FastifyRequest, input: CorpSettingsInput): Promise<void> {
    const fields = Object.keys(input)
    await audit.note(admin, { action: 'set-up.corp-settings-changed', target: admin.corpId, details: { fields } })
    await corpSettings.save(admin.userId, input)
  }

  app.get(
    '/set-up',
    { config: reading, schema: { operationId: 'getSetUp', response: { 200: SetUpView, ...refusals } } },
    async () => setUp.view(),
  )

  app.put(
    '/set-up/progress',
    {
      config: { ...writing, audit: 'set-up.progress-saved' },
      schema: { operationId: 'saveSetUpProgress', body: SaveSetUpProgress, response: { 200: SetUpView, ...refusals } },
    },
    async (request) => setUp.saveProgress(request.body),
  )

  app.put(
    '/set-up/credentials',
    {
      config: { ...writing, reauth: true, audit: 'set-up.corp-settings-changed' },
      schema: {
        operationId: 'saveCredentials',
        summary: 'Corp, app and secret; WeCom is asked once, and what it refuses is not kept',
        querystring: Language,
        body: SaveCredentials,
        response: { 200: CredentialsSaved, ...refusals },
      },
    },
    async ({ admin, body, query }) => setUp.saveCredentials(admin.userId, body, query.lang),
  )

  app.post(
    '/set-up/callback',
    {
      config: { ...writing, reauth: true, audit: 'set-up.corp-settings-changed' },
      schema: {
        operationId: 'makeCallback',
        summary: 'New Token and EncodingAESKey, shown this once',
        response: { 200: MadeCallback, ...refusals },
      },
    },
    async ({ admin }) => setUp.makeCallback(admin.userId),
  )

  app.put(
    '/set-up/callback',
    {
      config: { ...writing, reauth: true, audit: 'set-up.corp-settings-changed' },
      schema: { operationId: 'saveCallback', body: SaveCallback, response: { 200: SetUpView, ...refusals } },
    },
    async (request) => {
      await keep(request, { callbackToken: request.body.token, callbackAesKey: request.body.aesKey })
      return setUp.view()
    },
  )

  app.put(
    '/set-up/verify-file',
    {
      config: { ...writing, audit: 'set-up.corp-settings-changed' },
      schema: { operationId: 'saveVerifyFile', body: SaveVerifyFile, response: { 200: SetUpView, ...refusals } },
    },
    async (request) => {
      await keep(request, { verifyFile: `${request.body.name}\n${request.body.content.trim()}` })
      return setUp.view()
    },
  )

  app.post(
    '/set-up/mini-program-test',
    {
      config: { ...writing, audit: 'set-up.mini-program-tested' },
      schema: {
        operationId: 'testMiniProgram',
        summary: 'Sends the admin a notice with this mini program; the doctor tells how it ended',
        body: TestMiniProgram,
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async ({ admin, body }, reply) => {
      if (admin.userId === firstAdminUserId) throw new AppError('FORBIDDEN', 'the test is sent to a signed-in admin')
      await setUp.testMiniProgram(admin.userId, body.appId)
      return reply.code(204).send(null)
    },
  )
}
