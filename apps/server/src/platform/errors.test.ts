import { readFileSync } from 'node:fs'
import path from 'node:path'

import { errorCodes } from '@guidebar/contracts'
import { expect, test } from 'vitest'

const page = readFileSync(path.join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8')

test('docs/errors.md lists every code with its status and whether to try again, and no other', () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)`\s*\| (\d{3})\s*\| (yes|no)\s*\|/gm)].map(
    ([, code, status, retry]) => [code, Number(status), retry === 'yes'],
  )

  const known = Object.entries(errorCodes).map(([code, { status, retry }]) => [code, status, retry])
  expect(rows).toEqual(known)
})

test('every code has a cause and a next step', () => {
  for (const code of Object.keys(errorCodes))
    expect(page).toMatch(new RegExp(`^\\| \`${code}\` *\\| \\d+ *\\| \\w+ *\\| [^|]{10,} \\| [^|]{10,} \\|$`, 'm'))
})
