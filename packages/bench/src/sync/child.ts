import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A program of its own with which one talks in questions and answers. */
export type Child<Q, A> = { pid: number; ask: (question: Q) => Promise<A>; close: () => Promise<void> }

/** Starts a module as a process of its own. Each question is answered before the next one is put. */
export function startChild<Q, A>(
  modulePath: string,
  env: Record<string, string>,
  execArgv: string[] = [],
): Child<Q, A> {
  const child: ChildProcess = fork(modulePath, {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      const heard = new AbortController()
      const answer = Promise.race([
        once(child, 'message', heard).then(([message]) => message as { answer?: A; error?: string }),
        once(child, 'exit', heard).then(() => ({ error: 'the process ended' }) as { answer?: A; error?: string }),
      ])
      child.send(question as object)
      const { answer: told, error } = await answer.finally(() => heard.abort())
      if (error !== undefined) throw new Error(error)
      return told as A
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

/** The other side: answers until the one who asks is gone. */
export function answerQuestions<Q>(answer: (question: Q) => Promise<unknown>, end: () => Promise<void>): void {
  process.on('message', (question: Q) => {
    answer(question).then(
      (told) => process.send?.({ answer: told ?? null }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : 'failed' }),
    )
  })
  process.on('disconnect', () => {
    void end().finally(() => process.exit(0))
  })
}
