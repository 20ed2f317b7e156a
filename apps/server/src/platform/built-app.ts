import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import type { FastifyInstance } from 'fastify'

/** What a front end's build left: its page, a folder of files with hashed names, and a few files under plain names. */
export type BuiltApp = { dir: string; html: string; plainFiles: string[] }

const appsDir = path.resolve(import.meta.dirname, '../../..')
export const buildDirs = { sidebar: path.join(appsDir, 'sidebar/dist'), admin: path.join(appsDir, 'admin/dist') }

/** @throws Error that names the folder when nothing was built there */
export function readBuiltApp(dir: string): BuiltApp {
  try {
    const entries = readdirSync(dir, { withFileTypes: true })
    const plainFiles = entries.filter((entry) => entry.isFile() && entry.name !== 'index.html').map(({ name }) => name)
    return { dir, html: readFileSync(path.join(dir, 'index.html'), 'utf8'), plainFiles }
  } catch (cause) {
    throw new Error(`No built page in ${dir}: build the front ends first`, { cause })
  }
}

const config = { access: 'public', limit: 'none' } as const
const dayMs = 86_400_000

/**
 * Serves a front end's files under `prefix`. Those with hashed names are kept by browsers for good, since other bytes
 * get another name; the few others (icons) for a day.
 */
export function serveAssets(app: FastifyInstance, prefix: string, { dir, plainFiles }: BuiltApp): void {
  app.get<{ Params: { '*': string } }>(`${prefix}/assets/*`, { config, schema: { hide: true } }, (request, reply) =>
    reply.sendFile(request.params['*'], path.join(dir, 'assets'), { maxAge: 365 * dayMs, immutable: true }),
  )
  for (const name of plainFiles)
    app.get(`${prefix}/${name}`, { config, schema: { hide: true } }, (_request, reply) =>
      reply.sendFile(name, dir, { maxAge: dayMs }),
    )
}
