import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ConfirmMatch,
  ContactPreferences,
  CustomerParams,
  CustomerProfileView,
  ErrorBody,
  IdempotencyKey,
  IntakeAccepted,
  IntakeCustomerParams,
  MatchList,
  MatchQuery,
  MemberIntake,
  MemberParams,
  ProfileIntake,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { IdempotencyService } from '../orders/idempotency.service.ts'
import type { ProfileService } from './profile.service.ts'

const config = { access: 'guide' } as const
const crm = { access: 'key:customers:write' } as const
const headers = Type.Object({ 'idempotency-key': IdempotencyKey })
const root = '/customers/:externalUserId'
const answers = { 200: CustomerProfileView, '4xx': ErrorBody }

/** Under `/api/sidebar`. */
export const profileRoutes: FastifyPluginAsyncTypebox<{ profiles: ProfileService }> = async (app, { profiles }) => {
  app.get(
    `${root}/profile`,
    { config, schema: { operationId: 'getCustomerProfile', params: CustomerParams, response: answers } },
    async (request) => profiles.view(request.guide, request.params.externalUserId),
  )
  app.put(
    `${root}/contact-preferences`,
    {
      config,
      schema: {
        operationId: 'setContactPreferences',
        summary: 'Whether the customer wants to be written to, and openings to be recorded',
        params: CustomerParams,
        body: ContactPreferences,
        response: answers,
      },
    },
    async (request) => profiles.setPreferences(request.guide, request.params.externalUserId, request.body),
  )
  app.get(
    `${root}/matches`,
    {
      config,
      schema: {
        operationId: 'searchMatches',
        summary: 'Which member or order this customer may be; goes on record',
        params: CustomerParams,
        querystring: MatchQuery,
        response: { 200: MatchList, '4xx': ErrorBody },
      },
    },
    async (request) => ({
      candidates: await profiles.search(request.guide, request.params.externalUserId, request.query.q),
    }),
  )
  app.post(
    `${root}/matches`,
    { config, schema: { operationId: 'confirmMatch', params: CustomerParams, body: ConfirmMatch, response: answers } },
    async (request) => profiles.confirm(request.guide, request.params.externalUserId, request.body),
  )
}

/** Under `/open/v1`. */
export const profileIntakeRoutes: FastifyPluginAsyncTypebox<{
  profiles: ProfileService
  idempotency: IdempotencyService
}> = async (app, { profiles, idempotency }) => {
  const response = { 200: IntakeAccepted, '4xx': ErrorBody }
  app.put(
    `${root}/profile`,
    {
      config: crm,
      schema: {
        operationId: 'takeProfile',
        summary: 'What the CRM knows of a customer',
        headers,
        params: IntakeCustomerParams,
        body: ProfileIntake,
        response,
      },
    },
    async (request) => {
      const { corpId } = request.apiKey
      const { externalUserId } = request.params
      const call = { operation: 'takeProfile', key: request.headers['idempotency-key'] }
      const { body } = await idempotency.run({ corpId, ...call, body: [externalUserId, request.body] }, async () => ({
        status: 200,
        body: { changed: await profiles.take(corpId, externalUserId, request.body) },
      }))
      return body as IntakeAccepted
    },
  )
  app.put(
    '/members/:memberNo',
    {
      config: crm,
      schema: {
        operationId: 'takeMember',
        summary: 'A member of whom nobody knows yet which customer it is',
        headers,
        params: MemberParams,
        body: MemberIntake,
        response,
      },
    },
    async (request) => {
      const { corpId } = request.apiKey
      const { memberNo } = request.params
      const call = { operation: 'takeMember', key: request.headers['idempotency-key'] }
      const { body } = await idempotency.run({ corpId, ...call, body: [memberNo, request.body] }, async () => ({
        status: 200,
        body: { changed: await profiles.takeMember(corpId, memberNo, request.body) },
      }))
      return body as IntakeAccepted
    },
  )
}
