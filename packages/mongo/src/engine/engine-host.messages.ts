/** What the engine's process tells its owner; `from` sets it apart from what Node itself sends over the channel. */
export type HostMessage =
  | { from: 'guidebar-engine'; type: 'ready' }
  | { from: 'guidebar-engine'; type: 'failed'; step: 'load' | 'open' | 'listen'; message: string }

/** Command line of the engine's process. */
export type HostArguments = [libraryPath: string, dataDir: string, socketPath: string, lockWaitMs: string]

export function isHostMessage(message: unknown): message is HostMessage {
  return (message as HostMessage | null)?.from === 'guidebar-engine'
}

/** The engine's own words when another process has the folder open. */
export function saysInUse(message: string): boolean {
  return message.includes('DBPathInUse')
}
