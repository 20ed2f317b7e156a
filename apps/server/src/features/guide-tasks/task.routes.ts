import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AdminTaskPage,
  AdminTaskView,
  CreateGuideTask,
  ErrorBody,
  GuideTaskPage,
  GuideTaskQuery,
  PageQuery,
  TaskCustomerPage,
  TaskParams,
} from '@guidebar/contracts'

import type { TaskService } from './task.service.ts'

type Options = { tasks: TaskService }

/** Under `/api/sidebar`. */
export const taskRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { tasks }) => {
  const config = { access: 'guide' } as const
  app.get(
    '/guide-tasks',
    {
      config,
      schema: {
        operationId: 'listGuideTasks',
        querystring: GuideTaskQuery,
        response: { 200: GuideTaskPage, '4xx': ErrorBody },
      },
    },
    async (request) => tasks.listOfGuide(request.guide, request.query),
  )
  app.get(
    '/guide-tasks/:taskId/customers',
    {
      config,
      schema: {
        operationId: 'listTaskCustomers',
        params: TaskParams,
        querystring: PageQuery,
        response: { 200: TaskCustomerPage, '4xx': ErrorBody },
      },
    },
    async (request) => tasks.listCustomers(request.guide, request.params.taskId, request.query),
  )
}

/** Under `/api/admin`. */
export const taskAdminRoutes: FastifyPluginAsyncTypebox<Options> = async (app, { tasks }) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'tasks' } } as const
  const writes = { access: 'admin', can: { action: 'write', subject: 'tasks' } } as const
  app.post(
    '/guide-tasks',
    {
      config: { ...writes, audit: 'task.created' },
      schema: {
        operationId: 'createGuideTask',
        summary: 'A task for guides and their customers; the same key gives the same task',
        body: CreateGuideTask,
        response: { 200: AdminTaskView, '4xx': ErrorBody },
      },
    },
    async (request) => tasks.create(request.admin, request.body),
  )
  app.get(
    '/guide-tasks',
    {
      config: reads,
      schema: {
        operationId: 'listAllGuideTasks',
        querystring: PageQuery,
        response: { 200: AdminTaskPage, '4xx': ErrorBody },
      },
    },
    async (request) => tasks.listAll(request.admin, request.query),
  )
}
