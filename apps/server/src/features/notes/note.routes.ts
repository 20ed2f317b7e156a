import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CustomerParams,
  ErrorBody,
  FollowUpPage,
  FollowUpParams,
  FollowUpQuery,
  FollowUpView,
  NotePage,
  NoteParams,
  NoteView,
  PageQuery,
  PostponeFollowUp,
  SaveNote,
  SetFollowUp,
  WriteNote,
} from '@guidebar/contracts'
import { Type } from 'typebox'

import type { FollowUpService } from './follow-up.service.ts'
import type { NoteService } from './note.service.ts'

const config = { access: 'guide' } as const
const list = '/customers/:externalUserId/notes'
const one = `${list}/:noteId` as const

/** Under `/api/sidebar`. */
export const noteRoutes: FastifyPluginAsyncTypebox<{ notes: NoteService; followUps: FollowUpService }> = async (
  app,
  { notes, followUps },
) => {
  const answers = { 200: NoteView, '4xx': ErrorBody }
  app.get(
    list,
    {
      config,
      schema: {
        operationId: 'listNotes',
        summary: 'Notes about a customer, newest first',
        params: CustomerParams,
        querystring: PageQuery,
        response: { 200: NotePage, '4xx': ErrorBody },
      },
    },
    async (request) => notes.list(request.guide, request.params.externalUserId, request.query),
  )
  app.post(
    list,
    { config, schema: { operationId: 'writeNote', params: CustomerParams, body: WriteNote, response: answers } },
    async (request) => notes.write(request.guide, request.params.externalUserId, request.body),
  )
  app.put(
    one,
    { config, schema: { operationId: 'editNote', params: NoteParams, body: SaveNote, response: answers } },
    async (request) => {
      const { externalUserId, noteId } = request.params
      return notes.edit(request.guide, externalUserId, noteId, request.body)
    },
  )
  app.delete(
    one,
    {
      config,
      schema: { operationId: 'removeNote', params: NoteParams, response: { 204: Type.Null(), '4xx': ErrorBody } },
    },
    async (request, reply) => {
      await notes.remove(request.guide, request.params.externalUserId, request.params.noteId)
      return reply.code(204).send(null)
    },
  )
  app.post(
    `${one}/reveal`,
    {
      config,
      schema: {
        operationId: 'revealNote',
        summary: 'The words of a sensitive note; goes on record',
        params: NoteParams,
        response: answers,
      },
    },
    async (request) => notes.reveal(request.guide, request.params.externalUserId, request.params.noteId),
  )

  const followUp = { 200: FollowUpView, '4xx': ErrorBody }
  app.get(
    '/follow-ups',
    {
      config,
      schema: {
        operationId: 'listFollowUps',
        summary: 'What the guide wants to be reminded of, the next due first',
        querystring: FollowUpQuery,
        response: { 200: FollowUpPage, '4xx': ErrorBody },
      },
    },
    async (request) => followUps.list(request.guide, request.query),
  )
  app.post(
    '/customers/:externalUserId/follow-ups',
    { config, schema: { operationId: 'setFollowUp', params: CustomerParams, body: SetFollowUp, response: followUp } },
    async (request) => followUps.set(request.guide, request.params.externalUserId, request.body),
  )
  app.post(
    '/follow-ups/:followUpId/done',
    { config, schema: { operationId: 'finishFollowUp', params: FollowUpParams, response: followUp } },
    async (request) => followUps.finish(request.guide, request.params.followUpId),
  )
  app.post(
    '/follow-ups/:followUpId/postpone',
    {
      config,
      schema: { operationId: 'postponeFollowUp', params: FollowUpParams, body: PostponeFollowUp, response: followUp },
    },
    async (request) => followUps.postpone(request.guide, request.params.followUpId, request.body.dueAt),
  )
}
