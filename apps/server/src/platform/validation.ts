import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Takes what a schema says and nothing else. By its own defaults Fastify would drop unknown fields in silence and turn
 * `5` into `"5"`; only a query string, which knows nothing but text, is converted.
 */
export const strictValidation = fp(
  async (app: FastifyInstance) => {
    const compile = AjvCompiler()
    const options = { removeAdditional: false, useDefaults: true, allErrors: false, strict: false } as const
    const strict = compile({}, { customOptions: { ...options, coerceTypes: false } })
    const converting = compile({}, { customOptions: { ...options, coerceTypes: true } })
    app.setValidatorCompiler((route) => (route.httpPart === 'querystring' ? converting(route) : strict(route)))
    // Forms and plain text are what another site could send without asking first.
    app.removeContentTypeParser('text/plain')
  },
  { name: 'strict-validation' },
)
