import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ErrorBody,
  ExplainSegment,
  PreviewSegment,
  SaveSegment,
  SegmentExplanation,
  SegmentList,
  SegmentParams,
  SegmentPreview,
  SegmentView,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { SegmentService } from './segment.service.ts'

const errors = { '4xx': ErrorBody, '5xx': ErrorBody }
const reads = { access: 'admin', can: { action: 'read', subject: 'segments' } } as const
const writes = { access: 'admin', can: { action: 'write', subject: 'segments' } } as const

/** Under `/api/admin`. */
export const segmentRoutes: FastifyPluginAsyncTypebox<{ segments: SegmentService }> = async (app, { segments }) => {
  app.get(
    '/segments',
    { config: reads, schema: { operationId: 'listSegments', response: { 200: SegmentList, ...errors } } },
    async (request) => ({ segments: await segments.list(request.admin) }),
  )
  app.post(
    '/segments/preview',
    {
      config: { ...reads, onlyLooks: true, whileViewing: true },
      schema: { operationId: 'previewSegment', body: PreviewSegment, response: { 200: SegmentPreview, ...errors } },
    },
    async (request) => segments.preview(request.admin, request.body.definition),
  )
  app.post(
    '/segments/explain',
    {
      config: { ...reads, audit: 'segments.explained' },
      schema: { operationId: 'explainSegment', body: ExplainSegment, response: { 200: SegmentExplanation, ...errors } },
    },
    async (request) => segments.explain(request.admin, request.body),
  )
  app.post(
    '/segments',
    {
      config: { ...writes, audit: 'segments.saved' },
      schema: { operationId: 'createSegment', body: SaveSegment, response: { 200: SegmentView, ...errors } },
    },
    async (request) => segments.create(request.admin, request.body),
  )
  app.put(
    '/segments/:segmentId',
    {
      config: { ...writes, audit: 'segments.saved' },
      schema: {
        operationId: 'changeSegment',
        params: SegmentParams,
        body: SaveSegment,
        response: { 200: SegmentView, ...errors },
      },
    },
    async (request) => segments.change(request.admin, request.params.segmentId, request.body),
  )
  app.delete(
    '/segments/:segmentId',
    {
      config: { ...writes, audit: 'segments.removed' },
      schema: { operationId: 'removeSegment', params: SegmentParams, response: { 204: Type.Null(), ...errors } },
    },
    async (request, reply) => {
      await segments.remove(request.admin, request.params.segmentId)
      return reply.code(204).send(null)
    },
  )
}
