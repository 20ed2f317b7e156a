import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Collects the routes; must stand before the first of them. */
export const openApi = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        info: {
          title: 'Guidebar',
          version: '1',
          description: 'Calls of the panel, the admin panel and the order intake.',
        },
        components: {
          securitySchemes: {
            guide: { type: 'apiKey', in: 'cookie', name: '__Host-guidebar-guide' },
            admin: { type: 'apiKey', in: 'cookie', name: '__Host-guidebar-admin' },
            key: { type: 'http', scheme: 'bearer' },
          },
        },
      },
      transform: ({ schema, url, route }) => {
        const access = route.config?.access ?? 'public'
        const scheme = access.startsWith('key:') ? 'key' : access
        const security = access === 'public' ? {} : { security: [{ [scheme]: [] }] }
        return { url, schema: { tags: [url.split('/').slice(1, 3).join(' ')], ...schema, ...security } }
      },
    })
  },
  { name: 'open-api' },
)

/** The reference for people, at `/reference`. */
export async function referencePage(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' }
  })
  await app.register(swaggerUi, {
    routePrefix: '/reference',
    staticCSP: true,
    // It styles its own elements; scripts are its files only.
    transformStaticCSP: () =>
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  })
}
