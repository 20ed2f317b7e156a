import type { CorpFieldName, CorpFieldView } from '@guidebar/contracts'
import type { FastifyBaseLogger } from 'fastify'
import type { Connection } from 'mongoose'

import { wecomForms, type Config, type GivenWecom, type WecomConfig } from '../../platform/config.ts'
import type { Clock } from '../../platform/deps.ts'
import { AppError } from '../../platform/errors.ts'
import { createSecretBox } from '../../platform/secret-box.ts'
import type { VerifyFile } from '../../platform/verify-file.ts'
import { plainFields, sealedFields, type CorpSettings, type SealedField } from './corp-settings.model.ts'
import { createCorpSettingsRepository, type CorpSettingsChange } from './corp-settings.repository.ts'

type Deps = {
  db: Connection
  config: Pick<Config, 'wecom' | 'verifyFile'>
  /** The sealing one first; none: nothing can be kept. */
  dataKeys: readonly string[]
  clock: Clock
  /** Takes the settings over; null = not complete. */
  apply: (wecom: WecomConfig | null) => void
}

/** What an admin enters; a field that is left out stays. */
export type CorpSettingsInput = Partial<Record<'corpId' | 'agentId' | SealedField, string>>

const lookEveryMs = 2_000
const fieldNames: readonly CorpFieldName[] = [...plainFields, ...sealedFields]

/** The verify file is kept as one text: its name, a line, its content. */
const toFileText = ({ name, content }: VerifyFile) => `${name}\n${content}`
function readFileText(text: string | null): VerifyFile | null {
  const [name = '', content = ''] = (text ?? '').split('\n')
  return wecomForms.verifyFileName(name) && wecomForms.verifyFileContent(content) ? { name, content } : null
}

/**
 * The corp's settings from the environment and from the admin panel, the environment's first. A change is taken over
 * by every process within seconds. Values that are secret are never given out again.
 */
export function createCorpSettingsService({ db, config, dataKeys, clock, apply }: Deps) {
  const settings = createCorpSettingsRepository(db)
  const [firstKey, ...olderKeys] = dataKeys
  const box = firstKey === undefined ? null : createSecretBox(firstKey, ...olderKeys)
  const contextOf = (field: SealedField) => `corp-settings/${field}`
  let stored: CorpSettings = { revision: 0 }
  let opened: Partial<Record<SealedField, string | null>> = {}
  let timer: NodeJS.Timeout | undefined

  const fromEnv: Record<CorpFieldName, string | null> = {
    corpId: config.wecom.corpId,
    agentId: config.wecom.agentId,
    secret: config.wecom.secret,
    callbackToken: config.wecom.callback?.token ?? null,
    callbackAesKey: config.wecom.callback?.aesKey ?? null,
    verifyFile: config.verifyFile && toFileText(config.verifyFile),
  }

  const isSealed = (field: CorpFieldName): field is SealedField => (sealedFields as readonly string[]).includes(field)
  const storedValue = (field: CorpFieldName) =>
    isSealed(field) ? (opened[field] ?? null) : (stored[field]?.value ?? null)
  const valueOf = (field: CorpFieldName) => fromEnv[field] ?? storedValue(field)

  function given(): GivenWecom {
    const [token, aesKey] = [valueOf('callbackToken'), valueOf('callbackAesKey')]
    return {
      corpId: valueOf('corpId'),
      agentId: valueOf('agentId'),
      secret: valueOf('secret'),
      callback: token && aesKey ? { token, aesKey } : null,
    }
  }

  function complete(wecom: GivenWecom): WecomConfig | null {
    const { corpId, agentId, secret, callback } = wecom
    const { apiUrl, oauthUrl, loginUrl } = config.wecom
    return corpId && agentId && secret ? { corpId, agentId, secret, callback, apiUrl, oauthUrl, loginUrl } : null
  }

  /** Reads what is stored, and takes it over. */
  async function load(): Promise<void> {
    stored = (await settings.find()) ?? { revision: 0 }
    opened = Object.fromEntries(
      sealedFields.map((field) => {
        const row = stored[field]
        return [field, row && box ? box.open(row.sealed, contextOf(field)) : null]
      }),
    )
    apply(complete(given()))
  }

  /** Seals anew what an older key sealed. @returns how many values */
  async function reseal(): Promise<number> {
    if (!box) return 0
    const change: CorpSettingsChange = {}
    for (const field of sealedFields) {
      const [row, value] = [stored[field], opened[field]]
      if (row && value && !box.isCurrent(row.sealed))
        change[field] = { ...row, sealed: box.seal(value, contextOf(field)) }
    }
    const count = Object.keys(change).length
    if (count === 0 || !(await settings.saveAt(stored.revision, change))) return 0
    await load()
    return count
  }

  function view(field: CorpFieldName): CorpFieldView {
    const row = stored[field]
    const value = valueOf(field)
    const source = fromEnv[field] === null ? (row ? 'panel' : null) : 'environment'
    const isOpen = !isSealed(field)
    const shown: string | null = field === 'verifyFile' ? (readFileText(value)?.name ?? null) : isOpen ? value : null
    return {
      isSet: value !== null,
      source,
      isUnreadable: source === 'panel' && value === null,
      value: shown,
      lastFour: isOpen || field === 'verifyFile' ? null : (value?.slice(-4) ?? null),
      setAt: source === 'panel' ? (row?.setAt.toISOString() ?? null) : null,
    }
  }

  return {
    load,
    reseal,

    /** Complete settings of the corp as they hold now, or what there is of them. */
    given,
    wecom: () => complete(given()),
    verifyFile: () => readFileText(valueOf('verifyFile')),
    isUnreadable: () => fieldNames.some((field) => view(field).isUnreadable),

    /** Whether what an admin enters can be kept: sealing needs a key. */
    canKeep: box !== null,

    fields: () =>
      Object.fromEntries(fieldNames.map((field) => [field, view(field)])) as Record<CorpFieldName, CorpFieldView>,

    /** What the settings would be with this input; to try before they are kept. */
    preview(input: CorpSettingsInput): WecomConfig | null {
      const now = given()
      const pick = (field: 'corpId' | 'agentId' | 'secret') => fromEnv[field] ?? input[field] ?? now[field]
      return complete({
        corpId: pick('corpId'),
        agentId: pick('agentId'),
        secret: pick('secret'),
        callback: now.callback,
      })
    },

    /**
     * Keeps what was entered and takes it over.
     * @throws AppError BAD_REQUEST wrong form, CONFLICT the environment says otherwise, DATA_KEY_MISSING
     */
    async save(userId: string, input: CorpSettingsInput): Promise<void> {
      if (!box) throw new AppError('DATA_KEY_MISSING', 'there is no key to seal settings with')
      const change: CorpSettingsChange = {}
      const entered = { setAt: clock.now(), setBy: userId }
      for (const field of fieldNames) {
        const value = input[field]
        if (value === undefined) continue
        const at = `/body/${field}`
        if (fromEnv[field] !== null) throw new AppError('CONFLICT', 'the environment sets this field', { at })
        if (!hasRightForm(field, value)) throw new AppError('BAD_REQUEST', `${field} has the wrong form`, { at })
        if (isSealed(field)) change[field] = { sealed: box.seal(value, contextOf(field)), ...entered }
        else change[field] = { value, ...entered }
      }
      if (Object.keys(change).length > 0) await settings.save(change)
      await load()
    },

    /** Notices what other processes have saved. */
    start(log: FastifyBaseLogger): void {
      let running = Promise.resolve()
      timer ??= setInterval(() => {
        running = running
          .then(async () => {
            if ((await settings.revision()) !== stored.revision) await load()
          })
          .catch((error: unknown) => log.warn({ err: error }, 'settings not looked up'))
      }, lookEveryMs)
      timer.unref()
    },

    stop(): void {
      clearInterval(timer)
      timer = undefined
    },
  }
}

export type CorpSettingsService = ReturnType<typeof createCorpSettingsService>

function hasRightForm(field: CorpFieldName, value: string): boolean {
  return field === 'verifyFile' ? readFileText(value) !== null : wecomForms[field](value)
}
