/** `skip`: could not be looked at, because something before it failed or is not there. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip'

/** What one look found: the cause, and the next step for whoever has to mend it. Holds no secret. */
export type Finding = { status: CheckStatus; cause: string; fix?: string }
export type CheckReport = Finding & { id: string; title: string }

export type Check<Context> = {
  /** Fixed for ever: scripts and documents name it. */
  id: string
  title: string
  look: (context: Context) => Promise<Finding>
}

export const ok = (cause: string): Finding => ({ status: 'ok', cause })
export const warn = (cause: string, fix: string): Finding => ({ status: 'warn', cause, fix })
export const fail = (cause: string, fix: string): Finding => ({ status: 'fail', cause, fix })
export const skip = (cause: string): Finding => ({ status: 'skip', cause })

/** Looks at everything, one after another; a look that breaks is itself a failure and stops nothing. */
export async function runChecks<Context>(checks: Check<Context>[], context: Context): Promise<CheckReport[]> {
  const reports: CheckReport[] = []
  for (const { id, title, look } of checks) {
    const finding = await look(context).catch((error: unknown) =>
      fail(`检查本身出错：${error instanceof Error ? error.name : 'unknown'}`, '请把这一行告诉开发者。'),
    )
    reports.push({ id, title, ...finding })
  }
  return reports
}
