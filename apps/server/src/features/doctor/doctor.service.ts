import {
  checkIds,
  type CheckId,
  type CheckReport,
  type ClientReport,
  type DoctorReport,
  type Locale,
} from '@guidebar/contracts'
import { createMemoryTokenStore, createWecomClient, type WecomClient } from '@guidebar/wecom'

import type { Config, WecomConfig } from '../../platform/config.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import type { CorpSettingsService } from '../corp-settings/corp-settings.service.ts'
import { runChecks, toCheckReport, type Found } from './check.ts'
import { checks } from './checks/index.ts'
import { createDoctorRecords, type DoctorSources } from './doctor-records.ts'
import type { DoctorContext } from './doctor.context.ts'
import type { DoctorRepository } from './doctor.repository.ts'

type Deps = {
  config: Config
  corps: Corps
  corpSettings: CorpSettingsService
  repository: DoctorRepository
  sources: DoctorSources
  clock: Clock
  /** What fetches our own public address and WeCom's clock; the global one unless given. */
  fetch?: typeof fetch
}

export type DoctorAsk = { lang?: Locale; ids?: readonly CheckId[]; userId?: string | null }

/** Checks that say whether settings that were just entered will do. */
const credentialChecks = ['corp-settings', 'gettoken', 'trusted-ip', 'agent'] as const
const graveFirst = ['fail', 'warn'] as const

/** Looks the whole house over, and says what is wrong, why, and what to do. One engine for every place that asks. */
export function createDoctorService(deps: Deps) {
  const { config, corps, corpSettings, repository, sources, clock } = deps

  function createContext(
    { lang = 'zh-CN', userId = null }: DoctorAsk,
    trial?: { wecom: WecomConfig | null; client: WecomClient | null },
  ): DoctorContext {
    const { corpId, agentId, secret, callback } = corpSettings.given()
    const fields = corpSettings.fields()
    const corp = corps.default
    const missing = { 'Corp ID': corpId, AgentId: agentId, Secret: secret }
    return {
      config,
      wrongVariables: [],
      database: { status: 'ok', kind: config.mongodbUri ? 'MongoDB' : 'embedded' },
      hasDataKey: corpSettings.canKeep || trial !== undefined || fields.secret.source === 'environment',
      missingFields: trial
        ? []
        : Object.entries(missing)
            .filter(([, value]) => !value)
            .map(([name]) => name),
      hasUnreadableFields: !trial && corpSettings.isUnreadable(),
      callbackHalf: !callback && (fields.callbackToken.isSet || fields.callbackAesKey.isSet),
      verifyFile: corpSettings.verifyFile(),
      wecom: trial ? trial.wecom : corpSettings.wecom(),
      client: trial ? trial.client : (corp?.wecom ?? null),
      records: createDoctorRecords({ corp: trial ? null : corp, sources, repository, clock, lang }),
      userId,
      lang,
      fetch: deps.fetch ?? fetch,
      now: () => new Date(),
      memo: {},
    }
  }

  const toReports = (found: Found[], lang: Locale = 'zh-CN') => found.map((one) => toCheckReport(one, lang))

  return {
    /** Looks at everything, or at these checks with what they need. */
    async examine(ask: DoctorAsk): Promise<DoctorReport> {
      const found = await runChecks(checks, createContext(ask), { ids: ask.ids, now: clock.now })
      const before = ask.ids ? await repository.lastLook() : []
      const whole = ask.ids ? before.map((one) => found.find(({ id }) => id === one.id) ?? one) : found
      if (whole.length > 0) await repository.keepLook(whole.map(forEverybody))
      return { at: clock.now().toISOString(), checks: toReports(found, ask.lang) }
    },

    /** What WeCom says to these settings before they are kept: one try. */
    async tryOut(wecom: WecomConfig, ask: DoctorAsk): Promise<CheckReport[]> {
      const client = createWecomClient({
        corpId: wecom.corpId,
        agentId: Number(wecom.agentId),
        secret: wecom.secret,
        baseUrl: wecom.apiUrl,
        tokenStore: createMemoryTokenStore(),
        callDefaults: () => ({ purpose: 'admin' }),
      })
      try {
        const found = await runChecks(checks, createContext(ask, { wecom, client }), {
          ids: credentialChecks,
          now: clock.now,
        })
        return toReports(found, ask.lang)
      } finally {
        await client.close()
      }
    },

    /** What the last look at everything found wrong, the worst first. */
    async findings(lang?: Locale): Promise<CheckReport[]> {
      const latest = await repository.lastLook()
      return graveFirst.flatMap((grave) =>
        toReports(
          latest.filter(({ status }) => status === grave),
          lang,
        ),
      )
    },

    /** Keeps what the panel tells about how it came up. */
    async report(corpId: string, report: ClientReport): Promise<void> {
      await repository.addReport(corpId, report, clock.now())
    },

    /** Answers a question that we ask our own public address. @throws AppError NOT_FOUND */
    async answerProbe(word: string, seen: { host: string; scheme: string }): Promise<string> {
      if (!(await repository.noteProbe(word, seen))) throw new AppError('NOT_FOUND', 'nobody asked for this')
      return word
    },

    sweep: () => repository.sweep(clock.now()),
  }
}

export type DoctorService = ReturnType<typeof createDoctorService>

/** What is so for whoever asked only is not what others want to know. */
const forEverybody = (one: Found): Found => (one.finding === 'not-you' ? { ...one, status: 'ok', finding: 'ok' } : one)

/** @throws AppError BAD_REQUEST for a check that does not exist */
export function readCheckIds(text: string | undefined): CheckId[] | undefined {
  if (text === undefined) return undefined
  return text.split(',').map((name) => {
    const id = checkIds.find((known) => known === name)
    if (!id) throw new AppError('BAD_REQUEST', 'there is no such check', { at: '/query/ids' })
    return id
  })
}
