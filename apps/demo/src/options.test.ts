import { expect, test } from 'vitest'

import { OptionError, parseOptions } from './options.ts'

test('without options the demo has 500 customers on port 4600', () => {
  expect(parseOptions([])).toMatchObject({ port: 4600, customers: 500, seed: 1, fresh: false })
})

test('a wrong value names the option and what it takes', () => {
  expect(() => parseOptions(['--customers', 'many'])).toThrow('--customers takes a whole number from 10 to 1000000')
  expect(() => parseOptions(['--port', '70000'])).toThrow(OptionError)
  expect(() => parseOptions(['--prot', '1'])).toThrow(/--prot.*Options: --port N/s)
})
