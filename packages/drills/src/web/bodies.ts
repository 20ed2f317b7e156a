import fc from 'fast-check'
import { Value } from 'typebox/value'

/** JSON schema as the server describes its bodies. */
export type BodySchema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: BodySchema[]
  oneOf?: BodySchema[]
  properties?: Record<string, BodySchema>
  patternProperties?: Record<string, BodySchema>
  items?: BodySchema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  pattern?: string
}
type Place = (string | number)[]

/** A value of each kind, for where another kind belongs; the objects are what databases take for operators. */
const kinds: unknown[] = [5, '5', true, null, [], ['a'], {}, { $ne: null }, { $gt: '' }]
const mostDepth = 4

/** A body that fits the schema; texts with a pattern differ by seed. */
function fittingBody(schema: BodySchema, seed: number): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[seed % schema.enum.length]
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fittingBody(choices[seed % choices.length]!, seed)
  if (schema.type === 'object' || schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, fittingBody(inner, seed)]),
    )
  if (schema.type === 'array')
    return Array.from({ length: Math.min(schema.maxItems ?? 1, schema.minItems ?? 1) }, (_, at) =>
      fittingBody(schema.items ?? {}, seed + at),
    )
  if (schema.type === 'string') return fittingText(schema, seed)
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  return schema.type === 'boolean' ? true : null
}

function fittingText({ pattern, minLength = 0, maxLength = 100 }: BodySchema, seed: number): string {
  if (!pattern) return 'a'.repeat(Math.max(minLength, Math.min(3, maxLength)))
  const form = new RegExp(pattern)
  const texts = fc.sample(fc.stringMatching(form, { size: 'small' }), { seed, numRuns: 50 })
  const fits = (text: string) => form.test(text) && text.length >= minLength && text.length <= maxLength
  // Where the pattern allows any length, a short one is often too short and twice as much is not.
  const longer = texts.filter(Boolean).map((text) => text.repeat(Math.ceil(minLength / text.length)))
  return [...texts, ...longer, ...texts.map((text) => text.slice(0, maxLength))].find(fits) ?? texts[0] ?? ''
}

/**
 * A fitting body, spoilt at one place at a time: another kind of value, an unknown field, an operator, the root of a
 * prototype. As text, because what is asked for here cannot be written down otherwise.
 */
export function spoiltBodies(schema: BodySchema, seed: number): string[] {
  const isFit = (one: unknown) => Value.Check(schema as never, one)
  const body = [0, 1, 2, 3, 4].map((next) => fittingBody(schema, seed + next)).find(isFit)
  if (body === undefined) throw new Error(`no body fits ${JSON.stringify(schema).slice(0, 300)}`)
  const spoilt: string[] = []
  for (const place of placesOf(body, []).slice(0, 60)) {
    for (const value of kinds) {
      const changed = put(body, place, value)
      if (!isFit(changed)) spoilt.push(JSON.stringify(changed))
    }
    const own = read(body, place)
    if (typeof own !== 'object' || own === null || Array.isArray(own) || isOpen(schema, place)) continue
    for (const field of [
      '"nobodyKnowsThis":1',
      '"$where":"sleep(1000)"',
      '"__proto__":{"a":1}',
      '"constructor":{"prototype":{}}',
    ])
      spoilt.push(JSON.stringify(put(body, place, '\u0001')).replace('"\\u0001"', withField(own, field)))
  }
  return [...new Set(spoilt)]
}

const withField = (own: object, field: string) => {
  const text = JSON.stringify(own)
  return text === '{}' ? `{${field}}` : `${text.slice(0, -1)},${field}}`
}

/** Whether any name may stand here, as in a table by id. */
function isOpen(schema: BodySchema, place: Place): boolean {
  const at = place.reduce<BodySchema | undefined>(
    (inner, step) => (typeof step === 'number' ? inner?.items : inner?.properties?.[step]),
    schema,
  )
  return at?.properties === undefined
}

function placesOf(value: unknown, at: Place): Place[] {
  if (typeof value !== 'object' || value === null || at.length >= mostDepth) return [at]
  const steps = Array.isArray(value) ? value.map((_, step) => step) : Object.keys(value)
  return [at, ...steps.flatMap((step) => placesOf((value as Record<string, unknown>)[step], [...at, step]))]
}

const read = (value: unknown, place: Place) =>
  place.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], value)

function put(value: unknown, place: Place, what: unknown): unknown {
  const [step, ...rest] = place
  if (step === undefined) return what
  const inner = put((value as Record<string, unknown>)[step], rest, what)
  if (Array.isArray(value)) return value.with(Number(step), inner)
  return { ...(value as object), [step]: inner }
}
