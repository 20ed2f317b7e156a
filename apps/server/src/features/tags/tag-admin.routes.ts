import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AddTagGroup,
  AddTags,
  AdminTagLibrary,
  ErrorBody,
  OrderTags,
  RenameTag,
  SetTagDirection,
  SetTagSensitivity,
  TagGroupParams,
  TagParams,
} from '@guidebar/contracts'

import type { TagAdminService } from './tag-admin.service.ts'

const response = { 200: AdminTagLibrary, '4xx': ErrorBody, '5xx': ErrorBody }
const reads = { access: 'admin', can: { action: 'read', subject: 'tags' } } as const
const writes = { access: 'admin', can: { action: 'write', subject: 'tags' } } as const

/** Under `/api/admin`. Every answer is the whole library as WeCom has it then. */
export const tagAdminRoutes: FastifyPluginAsyncTypebox<{ tags: TagAdminService }> = async (app, { tags }) => {
  app.get('/tags', { config: reads, schema: { operationId: 'getAdminTags', response } }, async (request) =>
    tags.view(request.admin),
  )
  app.post(
    '/tag-groups',
    {
      config: { ...writes, audit: 'tags.group-added' },
      schema: { operationId: 'addTagGroup', body: AddTagGroup, response },
    },
    async (request) => tags.addGroup(request.admin, request.body),
  )
  app.put(
    '/tag-groups/order',
    {
      config: { ...writes, audit: 'tags.ordered' },
      schema: { operationId: 'orderTagGroups', body: OrderTags, response },
    },
    async (request) => tags.orderGroups(request.admin, request.body.ids),
  )
  app.put(
    '/tag-groups/:groupId',
    {
      config: { ...writes, audit: 'tags.group-renamed' },
      schema: { operationId: 'renameTagGroup', params: TagGroupParams, body: RenameTag, response },
    },
    async (request) => tags.renameGroup(request.admin, request.params.groupId, request.body.name),
  )
  app.put(
    '/tag-groups/:groupId/sensitivity',
    {
      config: { ...writes, audit: 'tags.sensitivity-set' },
      schema: { operationId: 'setTagSensitivity', params: TagGroupParams, body: SetTagSensitivity, response },
    },
    async (request) => tags.setSensitive(request.admin, request.params.groupId, request.body.isSensitive),
  )
  app.delete(
    '/tag-groups/:groupId',
    {
      config: { ...writes, reauth: true, audit: 'tags.group-removed' },
      schema: { operationId: 'removeTagGroup', params: TagGroupParams, response },
    },
    async (request) => tags.removeGroup(request.admin, request.params.groupId),
  )
  app.post(
    '/tag-groups/:groupId/tags',
    {
      config: { ...writes, audit: 'tags.added' },
      schema: { operationId: 'addTags', params: TagGroupParams, body: AddTags, response },
    },
    async (request) => tags.addTags(request.admin, request.params.groupId, request.body.tagNames),
  )
  app.put(
    '/tag-groups/:groupId/order',
    {
      config: { ...writes, audit: 'tags.ordered' },
      schema: { operationId: 'orderTags', params: TagGroupParams, body: OrderTags, response },
    },
    async (request) => tags.orderTags(request.admin, request.params.groupId, request.body.ids),
  )
  app.put(
    '/tags/:tagId',
    {
      config: { ...writes, audit: 'tags.renamed' },
      schema: { operationId: 'renameTag', params: TagParams, body: RenameTag, response },
    },
    async (request) => tags.renameTag(request.admin, request.params.tagId, request.body.name),
  )
  app.delete(
    '/tags/:tagId',
    {
      config: { ...writes, reauth: true, audit: 'tags.removed' },
      schema: { operationId: 'removeTag', params: TagParams, response },
    },
    async (request) => tags.removeTag(request.admin, request.params.tagId),
  )
  app.put(
    '/tags/:tagId/direction',
    {
      config: { ...writes, audit: 'tags.direction-set' },
      schema: { operationId: 'setTagDirection', params: TagParams, body: SetTagDirection, response },
    },
    async (request) => tags.setDirection(request.admin, request.params.tagId, request.body.direction),
  )
}
