import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { startEmbeddedEngine } from '@guidebar/mongo'
import type { TestBrowser } from '@guidebar/testkit'
import { startWorld, type TestCustomer, type TestGuide, type World, type WorldOptions } from '@guidebar/testkit/world'

import type { Principal } from './expectations.ts'

export const ownStore = 2
export const otherStore = 3

export type Stage = {
  world: World
  /** A browser, or a shop's machine, for each column of the matrix. */
  callers: Record<Principal, TestBrowser>
  follower: TestGuide
  /** Followed by `follower` and nobody else. */
  customer: TestCustomer
  /** The database engine, for worlds beside this one. */
  mongoUri: string
  /** Guides of both stores with their customers. */
  guides: { guide: TestGuide; customers: TestCustomer[] }[]
}

/** A small corp with two stores, another corp beside it, and one caller of each kind. */
export async function withStage<T>(
  work: (stage: Stage) => Promise<T>,
  { customers, fronts }: { customers: number } & Pick<WorldOptions, 'fronts'>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guidebar-access-'))
  const engine = await startEmbeddedEngine({
    dataDir: path.join(folder, 'db'),
    socketPath: path.join(folder, 'db.sock'),
  })
  try {
    const world = await startWorld({ mongoUri: engine.uri, fronts })
    try {
      return await work({ ...(await setStage(world, customers)), mongoUri: engine.uri })
    } finally {
      await world.close()
    }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function setStage(world: World, customers: number): Promise<Omit<Stage, 'mongoUri'>> {
  const { corpId } = world
  await world.wecom.load({
    departments: [
      { id: 1, name: '测试零售' },
      { id: ownStore, name: '天河店', parentId: 1 },
      { id: otherStore, name: '越秀店', parentId: 1 },
    ],
  })
  await world.addAdmin({ departmentIds: [1] })
  const add = (userId: string, departmentId: number) => world.addGuide({ userId, departmentIds: [departmentId] })
  const follower = await add('Follower', ownStore)
  const otherGuide = await add('OtherGuide', ownStore)
  const elsewhere = await add('Elsewhere', otherStore)
  const idle = await add('Idle', ownStore)
  await add('Manager', ownStore)
  await add('OtherManager', otherStore)

  const guides: Stage['guides'] = []
  for (const guide of [follower, otherGuide, elsewhere]) {
    const followed: TestCustomer[] = []
    for (let index = 0; index < customers; index++) followed.push((await world.follow({ guide })).customer)
    guides.push({ guide, customers: followed })
  }
  const owner = { corpId, userId: 'TestAdmin', role: 'owner' } as const
  for (const [userId, departmentId] of [
    ['Manager', ownStore],
    ['OtherManager', otherStore],
  ] as const)
    await world.services.rights.assign(
      owner,
      { corpId, userId },
      { role: 'storeManager', scope: { kind: 'store', departmentIds: [departmentId] } },
    )

  const expired = await world.browserOf(idle)
  world.clock.advance(9 * 3_600_000)
  const forged = world.newBrowser()
  for (const name of ['__Host-guidebar-guide', '__Host-guidebar-admin'])
    forged.cookies.set(name, randomBytes(32).toString('base64url'))

  const foreign = await world.otherCorp()
  await foreign.addAdmin()
  const foreignAdmin = await foreign.adminBrowser()
  // The session of another corp, brought to our address.
  const otherCorp = world.newBrowser('/api/admin')
  for (const [name, value] of foreignAdmin.cookies) otherCorp.cookies.set(name, value)

  const { key } = await world.asShop()
  const shop = world.newBrowser()
  const bearer = { authorization: `Bearer ${key}` }
  const apiKey: TestBrowser = {
    ...shop,
    send: (method, address, options) =>
      shop.send(method, address, { ...options, headers: { ...options?.headers, ...bearer } }),
  }

  const callers: Stage['callers'] = {
    anonymous: world.newBrowser(),
    forged,
    expired,
    otherGuide: await world.browserOf(otherGuide),
    follower: await world.browserOf(follower),
    otherManager: await world.adminBrowser('OtherManager'),
    manager: await world.adminBrowser('Manager'),
    owner: await world.adminBrowser(),
    otherCorp,
    apiKey,
  }
  const [first] = guides
  if (!first?.customers[0]) throw new Error('the stage has no customer')
  return { world, callers, follower, customer: first.customers[0], guides }
}
