import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  DecidedProposal,
  DecideProposal,
  ErrorBody,
  OrderReplies,
  PageQuery,
  ProposalParams,
  QuickReplyParams,
  QuickReplyView,
  ReplyMarks,
  ReplyProposal,
  ReplyProposalPage,
  SetExpiry,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import { requireWholeCorp } from '../../platform/rights/require-whole-corp.ts'
import type { ReplyCareService } from './reply-care.service.ts'

type Options = { replyCare: ReplyCareService }
const nothing = { 204: Type.Null(), '4xx': ErrorBody }

/** Under `/api/sidebar`. */
export const replyCareRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { replyCare }) => {
  const config = { access: 'guide' } as const
  app.get(
    '/quick-replies/marks',
    {
      config,
      schema: {
        operationId: 'getReplyMarks',
        summary: 'What helps to rank and to tidy the replies',
        response: { 200: ReplyMarks, '4xx': ErrorBody },
      },
    },
    async (request) => replyCare.marks(request.guide),
  )
  app.put(
    '/quick-replies/order',
    { config, schema: { operationId: 'orderReplies', body: OrderReplies, response: nothing } },
    async (request, reply) => {
      await replyCare.order(request.guide, request.body.replyIds)
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/quick-replies/:replyId/copy',
    {
      config,
      schema: {
        operationId: 'copyReply',
        summary: "Makes a reply one of the guide's own",
        params: QuickReplyParams,
        response: { 200: QuickReplyView, '4xx': ErrorBody },
      },
    },
    async (request) => replyCare.copy(request.guide, request.params.replyId),
  )
  app.post(
    '/quick-replies/:replyId/proposal',
    {
      config,
      schema: {
        operationId: 'proposeReply',
        summary: "Offers one of the guide's own replies to everybody",
        params: QuickReplyParams,
        response: { 200: ReplyProposal, '4xx': ErrorBody },
      },
    },
    async (request) => replyCare.propose(request.guide, request.params.replyId),
  )
  app.put(
    '/quick-replies/:replyId/expiry',
    { config, schema: { operationId: 'setReplyExpiry', params: QuickReplyParams, body: SetExpiry, response: nothing } },
    async (request, reply) => {
      await replyCare.setOwnExpiry(request.guide, request.params.replyId, request.body.expiresOn)
      return reply.code(204).send(null)
    },
  )
}

/** Under `/api/admin`. */
export const replyCareAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { replyCare }) => {
  // Offers come from all stores and are not narrowed by scope: closed to who does not see the whole corp.
  const reads = { access: 'admin', can: { action: 'read', subject: 'rules' } } as const
  const writes = { access: 'admin', can: { action: 'write', subject: 'rules' } } as const
  app.get(
    '/reply-proposals',
    {
      config: reads,
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'listReplyProposals',
        querystring: PageQuery,
        response: { 200: ReplyProposalPage, '4xx': ErrorBody },
      },
    },
    async (request) => replyCare.listWaiting(request.admin, request.query),
  )
  app.post(
    '/reply-proposals/:proposalId/decision',
    {
      config: { ...writes, audit: 'reply.proposal-decided' },
      onRequest: requireWholeCorp,
      schema: {
        operationId: 'decideReplyProposal',
        params: ProposalParams,
        body: DecideProposal,
        response: { 200: DecidedProposal, '4xx': ErrorBody },
      },
    },
    async (request) => replyCare.decide(request.admin, request.params.proposalId, request.body),
  )
  app.put(
    '/quick-replies/:replyId/expiry',
    {
      config: { ...writes, audit: 'reply.expiry-set' },
      onRequest: requireWholeCorp,
      schema: { operationId: 'setSharedReplyExpiry', params: QuickReplyParams, body: SetExpiry, response: nothing },
    },
    async (request, reply) => {
      await replyCare.setSharedExpiry(request.admin, request.params.replyId, request.body.expiresOn)
      return reply.code(204).send(null)
    },
  )
}
