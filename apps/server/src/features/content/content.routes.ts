import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  BulkContent,
  BulkResult,
  ContentFindings,
  contentKinds,
  ContentPage,
  ContentParams,
  ContentQuery,
  contentSchemas,
  ErrorBody,
  FolderList,
  LocaleQuery,
  OrderFolders,
  RenameFolder,
  RollBackContent,
  TakeContentStep,
  toContentItem,
  toContentVersions,
  toCreateContent,
  toSaveContent,
  type ContentKind,
} from '@guidebar/contracts'
import { Type, type TSchema } from 'typebox'

import { rightsTo } from '../../platform/rights/rights-to.ts'
import type { ContentDesk } from './content.desk.ts'

/** Under `/api/admin`: the same calls for replies, cards, knowledge and articles. */
export const contentRoutes: FastifyPluginAsyncTypebox<{ desk: ContentDesk }> = async (app, { desk }) => {
  const { content, folders } = desk
  for (const kind of contentKinds) {
    const path = `/content/${kind}`
    const { item, versions, save, create } = schemasOf(contentSchemas[kind])
    const name = nameOf(kind)
    const failed = { '4xx': ErrorBody }

    app.get(
      path,
      {
        config: rightsTo('read', kind),
        schema: { operationId: `list${name}`, querystring: ContentQuery, response: { 200: ContentPage, ...failed } },
      },
      async (request) => content.list(request.admin, kind, request.query),
    )
    app.post(
      path,
      {
        config: rightsTo('write', kind, 'content.created'),
        schema: { operationId: `create${name}`, body: create, response: { 201: item, ...failed } },
      },
      async (request, reply) =>
        reply.code(201).send((await content.create(request.admin, kind, request.body as never)) as never),
    )
    app.post(
      `${path}/check`,
      {
        config: rightsTo('read', kind, 'content.checked'),
        schema: {
          operationId: `check${name}`,
          summary: 'What would fail in a chat; changes nothing',
          querystring: LocaleQuery,
          body: Type.Object(
            { content: contentSchemas[kind] as TSchema, storeId: Type.Optional(Type.String({ maxLength: 40 })) },
            { additionalProperties: false },
          ),
          response: { 200: ContentFindings, ...failed },
        },
      },
      async (request) => {
        // It only looks, and is asked at every pause of typing.
        request.origin.isNoted = true
        const body = request.body as { content: never; storeId?: string }
        return { findings: await content.check(request.admin, kind, body, request.query.locale) }
      },
    )
    app.post(
      `${path}/bulk`,
      {
        config: rightsTo('write', kind, 'content.bulk'),
        schema: { operationId: `bulk${name}`, body: BulkContent, response: { 200: BulkResult, ...failed } },
      },
      async (request) => content.bulk(request.admin, kind, request.body),
    )
    app.get(
      `${path}/folders`,
      {
        config: rightsTo('read', kind),
        schema: { operationId: `list${name}Folders`, response: { 200: FolderList, ...failed } },
      },
      async (request) => folders.list(request.admin, kind),
    )
    app.put(
      `${path}/folders`,
      {
        config: rightsTo('write', kind, 'content.folders-ordered'),
        schema: { operationId: `order${name}Folders`, body: OrderFolders, response: { 200: FolderList, ...failed } },
      },
      async (request) => folders.order(request.admin, kind, request.body.names),
    )
    app.post(
      `${path}/folders/rename`,
      {
        config: rightsTo('write', kind, 'content.moved'),
        schema: { operationId: `rename${name}Folder`, body: RenameFolder, response: { 200: FolderList, ...failed } },
      },
      async (request) => folders.rename(request.admin, kind, request.body),
    )
    app.get(
      `${path}/:itemId`,
      {
        config: rightsTo('read', kind),
        schema: { operationId: `get${name}Item`, params: ContentParams, response: { 200: item, ...failed } },
      },
      async (request) => (await content.get(request.admin, kind, request.params.itemId)) as never,
    )
    app.put(
      `${path}/:itemId`,
      {
        config: rightsTo('write', kind, 'content.saved'),
        schema: {
          operationId: `save${name}Draft`,
          summary: 'Guides go on having what is published',
          params: ContentParams,
          body: save,
          response: { 200: item, ...failed },
        },
      },
      async (request) =>
        (await content.save(request.admin, kind, request.params.itemId, request.body as never)) as never,
    )
    app.post(
      `${path}/:itemId/steps`,
      {
        config: rightsTo('write', kind, 'content.stepped'),
        schema: {
          operationId: `take${name}Step`,
          params: ContentParams,
          body: TakeContentStep,
          response: { 200: item, 204: Type.Null(), ...failed },
        },
      },
      async (request, reply) => {
        const after = await content.step(request.admin, kind, request.params.itemId, request.body)
        return after ? reply.send(after as never) : reply.code(204).send(null)
      },
    )
    app.get(
      `${path}/:itemId/versions`,
      {
        config: rightsTo('read', kind),
        schema: { operationId: `list${name}Versions`, params: ContentParams, response: { 200: versions, ...failed } },
      },
      async (request) => (await content.versions(request.admin, kind, request.params.itemId)) as never,
    )
    app.post(
      `${path}/:itemId/roll-back`,
      {
        config: rightsTo('publish', kind, 'content.rolled-back'),
        schema: {
          operationId: `rollBack${name}`,
          params: ContentParams,
          body: RollBackContent,
          response: { 200: item, ...failed },
        },
      },
      async (request) => (await content.rollBack(request.admin, kind, request.params.itemId, request.body)) as never,
    )
  }
}

/** Each kind has its own shape; that the service gives it is seen to by its shelf. */
function schemasOf(content: TSchema) {
  return {
    item: toContentItem(content),
    versions: toContentVersions(content),
    save: toSaveContent(content),
    create: toCreateContent(content),
  } as Record<'item' | 'versions' | 'save' | 'create', TSchema>
}

const nameOf = (kind: ContentKind) => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`
