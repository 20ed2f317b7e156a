import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ContentRules,
  ContentSetting,
  ErrorBody,
  LinkProgram,
  SaveContentRules,
  VariableCoverage,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import { requireWholeCorp } from '../../platform/rights/require-whole-corp.ts'
import { rightsTo } from '../../platform/rights/rights-to.ts'
import type { ContentDesk } from './content.desk.ts'

/** Under `/api/admin`. */
export const contentSettingRoutes: FastifyPluginAsyncTypebox<{ desk: ContentDesk }> = async (app, { desk }) => {
  const failed = { '4xx': ErrorBody }
  app.get(
    '/content-setting',
    {
      config: rightsTo('read', 'replies'),
      schema: { operationId: 'getContentSetting', response: { 200: ContentSetting, ...failed } },
    },
    async (request) => desk.setting(request.admin),
  )
  app.get(
    '/content-variables',
    {
      config: rightsTo('read', 'replies'),
      schema: {
        operationId: 'getVariableCoverage',
        summary: 'How many customers have a value for each variable',
        response: { 200: VariableCoverage, ...failed },
      },
    },
    async (request) => desk.coverage.read(request.admin),
  )
  app.put(
    '/content-rules',
    {
      config: rightsTo('write', 'settings', 'content.rules-changed'),
      schema: { operationId: 'saveContentRules', body: SaveContentRules, response: { 200: ContentRules, ...failed } },
    },
    async (request) => {
      await desk.content.saveRules(request.admin, request.body)
      return request.body
    },
  )
  app.put(
    '/mini-programs',
    {
      config: rightsTo('write', 'cards', 'content.program-linked'),
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'linkMiniProgram',
        summary: 'One that is linked to the corp in WeCom’s console',
        body: LinkProgram,
        response: { 204: Type.Null(), ...failed },
      },
    },
    async (request, reply) => {
      await desk.linkProgram(request.admin, request.body)
      return reply.code(204).send(null)
    },
  )
}
