import type { FastifyPluginAsync } from 'fastify'

import type { Config } from './config.ts'

/** The file by which WeCom makes sure that the domain is ours. */
export const verifyFileRoute: FastifyPluginAsync<Pick<Config, 'verifyFile'>> = async (app, { verifyFile }) => {
  if (!verifyFile) return
  app.get(
    `/${verifyFile.name}`,
    { config: { access: 'public' }, schema: { operationId: 'verifyDomain', summary: "WeCom's proof of the domain" } },
    (_request, reply) => reply.type('text/plain; charset=utf-8').send(verifyFile.content),
  )
}
