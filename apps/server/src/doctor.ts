import { createMemoryTokenStore, createWecomClient } from '@guidebar/wecom'

import { runChecks, type CheckReport, type CheckStatus } from './doctor/check.ts'
import { checks, type DoctorContext } from './doctor/checks.ts'

const signs: Record<CheckStatus, string> = { ok: '✓', warn: '!', fail: '✗', skip: '–' }

const context: DoctorContext = {
  env: process.env,
  // A store of its own: the doctor must see what WeCom says now, and leave nothing behind.
  connect: ({ wecom }) =>
    createWecomClient({
      corpId: wecom.corpId,
      agentId: Number(wecom.agentId),
      secret: wecom.secret,
      baseUrl: wecom.apiUrl,
      tokenStore: createMemoryTokenStore(),
      // Whoever runs it can wait: a slow line is not a fault.
      callDefaults: () => ({ purpose: 'admin' }),
    }),
  fetch,
  now: () => new Date(),
}

function print({ status, id, title, cause, fix }: CheckReport): void {
  console.log(`${signs[status]} ${title} (${id})：${cause}`)
  if (fix && status !== 'ok') console.log(`  → ${fix}`)
}

const reports = await runChecks(checks, context)
await context.wecom?.close()
if (process.argv.includes('--json')) console.log(JSON.stringify({ checks: reports }, null, 2))
else for (const report of reports) print(report)
process.exitCode = reports.some(({ status }) => status === 'fail') ? 1 : 0
