import { connect, type Socket } from 'node:net'

/** Clients that begin a request and then send a byte now and then. */
export function openSlowClients({ url, count, everyMs }: { url: string; count: number; everyMs: number }) {
  const { hostname, port, pathname } = new URL(url)
  const closedAfterMs: number[] = []
  const sockets = Array.from({ length: count }, (): Socket => {
    const startedAt = performance.now()
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${pathname}?a=b HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<`,
      )
    })
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.once('close', () => closedAfterMs.push(performance.now() - startedAt))
    return socket
  })
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('x')
  }, everyMs)
  return {
    closedAfterMs,
    close() {
      clearInterval(drip)
      for (const socket of sockets) socket.destroy()
    },
  }
}
