import { expect, test } from 'vitest'

import { groupPictures } from './contact-sheets.ts'

test('each product and theme has its sheets, and no picture is left out', () => {
  const many = Array.from({ length: 45 }, (_, at) => `panel-screen-${at}-dark.png`)

  const sheets = groupPictures([...many, 'admin-home-light.png', 'panel-outside.png', 'notes.txt'])

  expect(sheets.map(({ name, files }) => [name, files.length])).toEqual([
    ['admin-light', 1],
    ['panel-dark-1', 20],
    ['panel-dark-2', 20],
    ['panel-dark-3', 5],
    ['panel-light', 1],
  ])
})
