import { Type } from 'typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import { AppError } from './errors.ts'

export type VerifyFile = { name: string; content: string }

/** The file by which WeCom makes sure that the domain is ours; which one, may change while the server runs. */
export const verifyFileRoute: FastifyPluginAsyncTypebox<{ verifyFile: () => VerifyFile | null }> = async (
  app,
  { verifyFile },
) => {
  app.get(
    '/WW_verify_:rest',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'verifyDomain',
        summary: "WeCom's proof of the domain",
        params: Type.Object({ rest: Type.String() }),
      },
    },
    (request, reply) => {
      const file = verifyFile()
      if (file?.name !== `WW_verify_${request.params.rest}`) throw new AppError('NOT_FOUND', 'there is no such file')
      return reply.type('text/plain; charset=utf-8').send(file.content)
    },
  )
}
