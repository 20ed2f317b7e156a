import AjvCompiler from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance, FastifySerializerCompiler } from 'fastify'
import fp from 'fastify-plugin'

const options = {
  removeAdditional: false,
  useDefaults: true,
  allErrors: false,
  strict: false,
  // Polishing the generated code took half of a start, and the code is as fast without.
  code: { optimize: false },
} as const
const compile = AjvCompiler()
const strict = onceASchema(compile({}, { customOptions: { ...options, coerceTypes: false } }))
const converting = onceASchema(compile({}, { customOptions: { ...options, coerceTypes: true } }))
const serializing = onceASchema(SerializerSelector()({}, {}) as FastifySerializerCompiler<unknown>)

/**
 * Takes what a schema says and nothing else. By its own defaults Fastify would drop unknown fields in silence and turn
 * `5` into `"5"`; only a query string, which knows nothing but text, is converted.
 */
export const strictValidation = fp(
  async (app: FastifyInstance) => {
    app.setValidatorCompiler((route) => (route.httpPart === 'querystring' ? converting(route) : strict(route)))
    app.setSerializerCompiler(serializing)
    // Forms and plain text are what another site could send without asking first.
    app.removeContentTypeParser('text/plain')
  },
  { name: 'strict-validation' },
)

/** The contracts are the same objects for every server of a process: each is turned into code once. */
function onceASchema<R extends { schema?: unknown }, F>(compileSchema: (route: R) => F): (route: R) => F {
  const known = new WeakMap<object, F>()
  return (route) => {
    const schema = route.schema as object
    const compiled = known.get(schema) ?? compileSchema(route)
    known.set(schema, compiled)
    return compiled
  }
}
