import {
  ContextQuery,
  ErrorBody,
  PerformanceView,
  PreparedSend,
  PrepareSend,
  SendHistoryQuery,
  SendOutcome,
  SendPage,
  SendParams,
  SendView,
} from '@guidebar/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

import type { SendService } from './send.service.ts'

const guide = { access: 'guide' } as const

/** Under `/api/sidebar`. */
export const sendRoutes: FastifyPluginAsyncTypebox<{ sends: SendService }> = async (app, { sends }) => {
  app.post(
    '/sends',
    {
      config: guide,
      schema: {
        operationId: 'prepareSend',
        summary: 'Makes one message ready and records it',
        body: PrepareSend,
        response: { 200: PreparedSend, '4xx': ErrorBody },
      },
    },
    async (request) => sends.prepare(request.guide, request.body),
  )

  app.post(
    '/sends/:sendId/outcome',
    {
      config: guide,
      schema: {
        operationId: 'settleSend',
        summary: 'What the chat client answered',
        params: SendParams,
        body: SendOutcome,
        response: { 200: SendView, '4xx': ErrorBody },
      },
    },
    async (request) => sends.settle(request.guide, request.params.sendId, request.body),
  )

  app.get(
    '/sends',
    {
      config: guide,
      schema: {
        operationId: 'listSends',
        summary: 'What this guide sent to one customer or group, and the results of the month',
        querystring: ContextQuery,
        response: {
          200: Type.Object({ sends: Type.Array(SendView), performance: PerformanceView }),
          '4xx': ErrorBody,
        },
      },
    },
    async (request) => sends.history(request.guide, request.query),
  )

  app.get(
    '/sends/history',
    {
      config: guide,
      schema: {
        operationId: 'listSendHistory',
        summary: 'Everything this guide sent to one customer or group',
        querystring: SendHistoryQuery,
        response: { 200: SendPage, '4xx': ErrorBody },
      },
    },
    async (request) => sends.page(request.guide, request.query),
  )
}
