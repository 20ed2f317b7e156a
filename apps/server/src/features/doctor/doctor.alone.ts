import type { CheckId, CheckReport, Locale } from '@guidebar/contracts'
import type { WecomClient } from '@guidebar/wecom'

import { requireWecom, type Config, type WecomConfig } from '../../platform/config.ts'
import { runChecks, toCheckReport } from './check.ts'
import { checks } from './checks/index.ts'
import type { DoctorContext } from './doctor.context.ts'

type Input = Pick<DoctorContext, 'config' | 'wrongVariables' | 'database' | 'lang'> & {
  ids?: readonly CheckId[]
  connect?: (wecom: WecomConfig) => WecomClient
}

/** What can be seen without a database: the environment, WeCom, and the public address. */
export async function examineAlone({ ids, connect, ...input }: Input): Promise<CheckReport[]> {
  const wecom = input.config && completeOf(input.config)
  const client = wecom && connect ? connect(wecom) : null
  const context: DoctorContext = {
    ...input,
    hasDataKey:
      input.config !== null && (input.config.dataKeys.given.length > 0 || input.config.dataKeys.file !== null),
    missingFields: wecom ? [] : missingOf(input.config),
    hasUnreadableFields: false,
    callbackHalf: false,
    verifyFile: input.config?.verifyFile ?? null,
    wecom,
    client,
    records: null,
    userId: null,
    fetch,
    now: () => new Date(),
    memo: {},
  }
  try {
    const found = await runChecks(checks, context, { ids, now: context.now })
    return found.map((one) => toCheckReport(one, input.lang as Locale))
  } finally {
    await client?.close()
  }
}

function completeOf(config: Config): WecomConfig | null {
  return missingOf(config).length > 0 ? null : requireWecom(config).wecom
}

function missingOf(config: Config | null): string[] {
  if (!config) return ['Corp ID', 'AgentId', 'Secret']
  const { corpId, agentId, secret } = config.wecom
  return Object.entries({ 'Corp ID': corpId, AgentId: agentId, Secret: secret })
    .filter(([, value]) => value === null)
    .map(([name]) => name)
}
