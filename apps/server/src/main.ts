import { MongoUnavailable } from '@guidebar/mongo'
import closeWithGrace from 'close-with-grace'

import { ConfigError, loadConfig } from './platform/config.ts'
import { DataKeyError } from './platform/data-keys.ts'
import { startServer } from './start-server.ts'

/** Longest that requests in flight and work at hand may take to end. */
const graceMs = 10_000

/** One sentence for the person who started the program. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MongoUnavailable || error instanceof DataKeyError)
    return error.message
  const { code, port, message } = error as { code?: string; port?: number; message?: string }
  if (code === 'EADDRINUSE') return `Port ${port} is in use: stop the other program or choose another PORT.`
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used by this user: choose a PORT above 1023.`
  if (code === 'ENOSPC') return 'The disk is full: free some space and start again.'
  return `Guidebar could not start: ${message ?? 'unknown failure'}`
}

try {
  const { app, close } = await startServer(loadConfig(process.env), { log: (line) => console.error(line) })
  closeWithGrace({ delay: graceMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'stopping after a failure')
    await close()
  })
} catch (error) {
  console.error(explain(error))
  // Whatever was opened on the way must not keep a failed start alive.
  process.exit(1)
}
