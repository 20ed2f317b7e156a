import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

type Service = {
  image?: string
  entrypoint?: string[]
  command?: string[]
  environment: Record<string, string | null>
  ports?: string[]
  tmpfs?: string[]
  volumes?: string[]
  networks: string[]
  read_only?: boolean
  init?: boolean
  depends_on?: Record<string, { condition: string }>
  healthcheck: { test: string[] }
}
type Compose = {
  services: Record<'server' | 'mongo', Service>
  networks: Record<string, { internal?: boolean } | null>
}

const root = new URL('../../../', import.meta.url)
const readRootFile = (name: string) => readFile(new URL(name, root), 'utf8')
const readCompose = async () => parse(await readRootFile('docker-compose.yml')) as Compose

test('MongoDB runs as a replica set with sign-in, and its health check starts the set', async () => {
  const { mongo } = (await readCompose()).services
  const keyFile = '/run/replica-key/key'

  expect(mongo.image).toBe('mongo:8')
  expect(mongo.command).toEqual(['mongod', '--replSet', 'rs0', '--bind_ip_all', '--keyFile', keyFile])
  expect(mongo.entrypoint?.join('\n')).toContain(`chmod 0400 ${keyFile}`)
  expect(mongo.tmpfs).toEqual(['/run/replica-key'])
  expect(mongo.healthcheck.test.join('\n')).toContain(
    "rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] })",
  )
})

test('the server waits for a healthy MongoDB and signs in to the replica set as its own user', async () => {
  const { server, mongo } = (await readCompose()).services
  const createUser = await readRootFile('docker/create-server-user.js')

  expect(server.depends_on).toEqual({ mongo: { condition: 'service_healthy' } })
  expect(server.environment.MONGODB_URI).toMatch(
    /^mongodb:\/\/guidebar:\$\{MONGO_PASSWORD:\?[^}]+\}@mongo:27017\/guidebar\?replicaSet=rs0&authSource=guidebar$/,
  )
  expect(mongo.volumes?.join('\n')).toContain('create-server-user.js:/docker-entrypoint-initdb.d/')
  expect(createUser).toContain("roles: [{ role: 'readWrite', db: 'guidebar' }]")
})

test('every setting of the server may be given, save those that are for trying it out', async () => {
  const { server } = (await readCompose()).services
  const config = await readRootFile('apps/server/src/platform/config.ts')
  const names = [...config.matchAll(/\bread(?:<[^(]*>)?\(\s*'([A-Z_]+)'/g)].map(([, name]) => name)
  // Keys in a file are for servers without a container.
  const forTrying = [
    'DATA_DIR',
    'DATA_KEYS_FILE',
    'API_REFERENCE',
    'WECOM_API_URL',
    'WECOM_OAUTH_URL',
    'WECOM_LOGIN_URL',
  ]

  expect(names.length).toBeGreaterThan(15)
  expect(names.filter((name = '') => !(name in server.environment) && !forTrying.includes(name))).toEqual([])
})

test('every health check is a list of plain words, as the file format wants it', async () => {
  const { server, mongo } = (await readCompose()).services
  const words = [server, mongo].flatMap(({ healthcheck }) => healthcheck.test)

  expect(words.filter((word) => typeof word !== 'string')).toEqual([])
  expect(words.filter((word) => word === 'CMD')).toHaveLength(2)
})

test('no secret stands in the file, and a missing one stops the start with a message', async () => {
  const { server, mongo } = (await readCompose()).services
  const settings = Object.entries({ ...server.environment, ...mongo.environment })

  const secrets = settings.filter(([name]) => /PASSWORD|SECRET|TOKEN|KEY|URI/.test(name))

  expect(secrets.map(([name]) => name).sort()).toEqual([
    'DATA_KEYS',
    'MONGODB_URI',
    'MONGO_INITDB_ROOT_PASSWORD',
    'MONGO_PASSWORD',
    'MONGO_REPLICA_KEY',
    'OPS_TOKEN',
    'WECOM_CALLBACK_AES_KEY',
    'WECOM_CALLBACK_TOKEN',
    'WECOM_SECRET',
  ])
  for (const [, value] of secrets) expect(value).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/)
})

test('only the server is published, on loopback; the database reaches and is reached by nothing else', async () => {
  const { services, networks } = await readCompose()

  expect(services.mongo.ports).toBeUndefined()
  expect(services.mongo.networks).toEqual(['data'])
  expect(networks.data?.internal).toBe(true)
  expect(services.server.ports).toHaveLength(1)
  expect(services.server.ports?.[0]).toMatch(/^127\.0\.0\.1:/)
  expect(services.server).toMatchObject({ read_only: true, init: true, tmpfs: ['/tmp'] })
})

test('the image takes the workspace tree, production packages only, and neither secrets nor built files', async () => {
  const [dockerfile, ignored, manifest] = await Promise.all(
    ['Dockerfile', '.dockerignore', 'package.json'].map(readRootFile),
  )
  const { packageManager } = JSON.parse(manifest ?? '') as { packageManager: string }

  expect(dockerfile).toMatch(/^FROM node:24-slim\n/m)
  expect(dockerfile).toContain(`npm install --global ${packageManager}\n`)
  expect(dockerfile).toContain('pnpm install --prod --no-optional --frozen-lockfile --filter-prod @guidebar/server...')
  expect(dockerfile).not.toContain('pnpm deploy')
  expect(ignored?.split('\n')).toEqual(expect.arrayContaining(['.git', '.env*', '**/node_modules', '**/dist']))
})
