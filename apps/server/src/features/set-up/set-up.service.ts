import { randomInt } from 'node:crypto'

import type {
  CheckReport,
  CredentialsSaved,
  Locale,
  MadeCallback,
  SaveCredentials,
  SaveSetUpProgress,
  SetUpAnswers,
  SetUpView,
} from '@guidebar/contracts'
import { WecomError } from '@guidebar/wecom'

import type { Config, WecomConfig } from '../../platform/config.ts'
import type { Clock, Corps } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { toAppError } from '../../platform/wecom-errors.ts'
import type { CorpSettingsService } from '../corp-settings/corp-settings.service.ts'
import type { SetUpRepository } from './set-up.repository.ts'

const callbackLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

type Deps = {
  setUp: SetUpRepository
  corpSettings: CorpSettingsService
  corps: Corps
  config: Pick<Config, 'publicUrl'>
  clock: Clock
  /** What WeCom says to settings before they are kept. */
  tryOut: (wecom: WecomConfig, ask: { lang?: Locale; userId?: string | null }) => Promise<CheckReport[]>
}

const pick = (letters: string, length: number) =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')

/** The way from a bare server to a corp that is served: step by step, left and taken up again. */
export function createSetUpService({ setUp, corpSettings, corps, config, clock, tryOut }: Deps) {
  async function view(): Promise<SetUpView> {
    const { answers, skipped, step, finishedAt } = await setUp.find()
    const { publicUrl } = config
    const { corpId } = corpSettings.given()
    return {
      fields: corpSettings.fields(),
      canKeep: corpSettings.canKeep,
      publicUrl,
      trustedDomain: new URL(publicUrl).host,
      callbackUrl: corpId ? `${publicUrl}/wecom/callback/${corpId}` : null,
      toolbarUrl: `${publicUrl}/sidebar/`,
      homeUrl: `${publicUrl}/sidebar/`,
      answers,
      skipped,
      step,
      finishedAt: finishedAt?.toISOString() ?? null,
    }
  }

  return {
    view,

    /** Keeps corp, app and secret, unless WeCom refuses them. One try: wrong secrets shut out our address. */
    async saveCredentials(userId: string, input: SaveCredentials, lang?: Locale): Promise<CredentialsSaved> {
      const wecom = corpSettings.preview(input)
      const checks = wecom ? await tryOut(wecom, { lang, userId: null }) : []
      const isRefused = checks.some(({ id, status }) => status === 'fail' && (id === 'gettoken' || id === 'agent'))
      if (isRefused) return { isKept: false, checks }
      await corpSettings.save(userId, input)
      return { isKept: true, checks }
    },

    /** Makes Token and EncodingAESKey; they are shown this once, to be copied into WeCom's console. */
    async makeCallback(userId: string): Promise<MadeCallback> {
      const made = { token: pick(callbackLetters, 24), aesKey: pick(callbackLetters, 43) }
      await corpSettings.save(userId, { callbackToken: made.token, callbackAesKey: made.aesKey })
      return made
    },

    async saveProgress({ step, skip, answers, isFinished }: SaveSetUpProgress): Promise<SetUpView> {
      if (step) await setUp.unskip(step)
      if (skip) await setUp.skip(skip)
      if (answers) await setUp.saveAnswers(answers)
      if (step || isFinished !== undefined)
        await setUp.save({
          ...(step && { step }),
          ...(isFinished !== undefined && { finishedAt: isFinished ? clock.now() : null }),
        })
      return view()
    },

    /**
     * Sends a member a notice with a page of this mini program: WeCom says at once whether it is linked.
     * @throws AppError WECOM_UNAVAILABLE, NOT_FOUND without a corp
     */
    async testMiniProgram(userId: string, appId: string): Promise<void> {
      const corp = corps.default
      if (!corp) throw new AppError('NOT_FOUND', 'no corp is set up yet')
      const message = { kind: 'miniProgramNotice' as const, appid: appId, title: '小程序测试', items: [] }
      const errcode = await corp.wecom.message.send({ toUserIds: [userId], message }).then(
        () => null,
        (error: unknown) => {
          if (error instanceof WecomError) return error.errcode
          throw toAppError(error)
        },
      )
      await setUp.save({ miniProgramTest: { appId, errcode, at: clock.now() } })
    },

    answers: async (): Promise<SetUpAnswers> => (await setUp.find()).answers,
    miniProgramTest: async () => (await setUp.find()).miniProgramTest,
  }
}

export type SetUpService = ReturnType<typeof createSetUpService>
