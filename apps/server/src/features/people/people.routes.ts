import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  DepartmentParams,
  DepartmentTree,
  DepartmentView,
  ErrorBody,
  GiveRole,
  PeoplePage,
  PeopleQuery,
  PersonParams,
  PersonView,
  SaveStore,
} from '@guidebar/contracts'

import type { PeopleService } from './people.service.ts'

/** Under `/api/admin`. */
export const peopleRoutes: FastifyPluginAsyncTypebox<{ people: PeopleService }> = async (app, { people }) => {
  const reads = { access: 'admin', can: { action: 'read', subject: 'people' } } as const
  const gives = { access: 'admin', can: { action: 'write', subject: 'rights' } } as const
  const refusals = { '4xx': ErrorBody }

  app.get(
    '/departments',
    { config: reads, schema: { operationId: 'listDepartments', response: { 200: DepartmentTree, ...refusals } } },
    async ({ admin }) => people.departments(admin),
  )

  app.put(
    '/departments/:departmentId/store',
    {
      config: { access: 'admin', can: { action: 'write', subject: 'people' }, audit: 'people.store-saved' },
      schema: {
        operationId: 'saveStore',
        params: DepartmentParams,
        body: SaveStore,
        response: { 200: DepartmentView, ...refusals },
      },
    },
    async ({ admin, params, body }) => people.saveStore(admin, Number(params.departmentId), body),
  )

  app.get(
    '/people',
    {
      config: { ...reads, limit: 'search' },
      schema: { operationId: 'listPeople', querystring: PeopleQuery, response: { 200: PeoplePage, ...refusals } },
    },
    async ({ admin, query }) => people.list(admin, query),
  )

  app.get(
    '/people/:userId',
    {
      config: reads,
      schema: { operationId: 'getPerson', params: PersonParams, response: { 200: PersonView, ...refusals } },
    },
    async ({ admin, params }) => people.person(admin, params.userId),
  )

  app.put(
    '/people/:userId/role',
    {
      config: { ...gives, audit: 'rights.role-given' },
      schema: {
        operationId: 'giveRole',
        params: PersonParams,
        body: GiveRole,
        response: { 200: PersonView, ...refusals },
      },
    },
    async ({ admin, params, body }) => people.setRole(admin, params.userId, body),
  )

  app.delete(
    '/people/:userId/role',
    {
      config: { ...gives, audit: 'rights.role-taken', reauth: true },
      schema: { operationId: 'takeRole', params: PersonParams, response: { 200: PersonView, ...refusals } },
    },
    async ({ admin, params }) => people.setRole(admin, params.userId, null),
  )
}
