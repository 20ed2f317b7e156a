import { expect, test } from 'vitest'

import { followVersions } from './chat.versions.ts'

const none = { memberVersion: null, recentVersions: [] }

test('changes in any order lead to the last version, and none is missing', () => {
  const changes = [
    { from: 'b', to: 'c' },
    { from: 'a', to: 'b' },
    { from: 'c', to: 'd' },
  ]

  expect(followVersions({ memberVersion: 'a', recentVersions: [] }, changes)).toEqual({
    memberVersion: 'd',
    recentVersions: ['b', 'c', 'd'],
    isMissing: false,
  })
})

test('the first change of a chat that nobody knew is taken as it is', () => {
  expect(followVersions(none, [{ from: 'x', to: 'y' }])).toMatchObject({ memberVersion: 'y', isMissing: false })
})

test('a change that does not begin where the last one ended tells of a lost event', () => {
  const known = { memberVersion: 'b', recentVersions: ['b'] }

  expect(followVersions(known, [{ from: 'c', to: 'd' }])).toMatchObject({ memberVersion: 'd', isMissing: true })
})

test('a change that comes again is none', () => {
  const known = { memberVersion: 'c', recentVersions: ['b', 'c'] }

  expect(followVersions(known, [{ from: 'a', to: 'b' }])).toEqual({ ...known, isMissing: false })
})

test('changes in a ring end', () => {
  const ring = [
    { from: 'p', to: 'q' },
    { from: 'q', to: 'p' },
  ]

  expect(followVersions({ memberVersion: 'a', recentVersions: [] }, ring)).toMatchObject({ isMissing: true })
})
