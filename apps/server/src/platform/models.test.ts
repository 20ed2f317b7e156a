import { test } from '@guidebar/testkit'
import type { Schema } from 'mongoose'
import { expect } from 'vitest'

const schemasOf = (schema: Schema): Schema[] => [
  schema,
  ...schema.childSchemas.flatMap(({ schema: child }) => schemasOf(child)),
]

test('no model takes a field, or is asked for one, that its schema does not know', async ({ world }) => {
  const models = Object.values(world.db.models)

  const lax = models.filter(({ schema }) =>
    schemasOf(schema).some((each) => each.get('strict') !== 'throw' || each.get('strictQuery') !== 'throw'),
  )

  expect(models.length).toBeGreaterThan(15)
  expect(lax.map(({ modelName }) => modelName)).toEqual([])
})
