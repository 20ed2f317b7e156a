import type { EmulatorSettings, SettingsPatch } from '../control-contract.ts'

/** A corp in good order: everything visible and callable, no limits, no faults. */
export const defaultSettings = (): EmulatorSettings => ({
  corp: { corpId: 'ww5f2a9c31d7be4608', name: '示例零售' },
  agent: {
    agentId: 1000014,
    name: '导购助手',
    description: '导购侧边栏',
    secret: 'emulatorAgentSecret000000000000000000000043',
    homeUrl: '',
    stopped: false,
  },
  trustedDomains: [],
  loginDomains: null,
  customerContactCallable: true,
  visibleRange: null,
  trustedIps: null,
  memberSensitiveFields: false,
  linkedMiniPrograms: [],
  callbackIps: ['127.0.0.1'],
  callback: {
    url: null,
    token: 'kX9bQ2mV7cL4zP1w',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    timeoutMs: 5000,
    redeliverAfterMs: 1000,
    maxDeliveries: 4,
    concurrency: 32,
    contactEvents: true,
    dropRate: 0,
    duplicateRate: 0,
    shuffleMs: 0,
    lateRate: 0,
    lateMs: 0,
    seed: 1,
  },
  limits: {
    perMinute: 0,
    perHour: 0,
    concurrent: 0,
    wrongSecrets: 10,
    ticketsPerHour: 0,
    messagesPerMemberMinute: 0,
    messagesPerMemberHour: 0,
  },
  latencyMs: 0,
  latencyMsByPath: {},
  outage: 'none',
  uncertain: {
    expiresInOnRepeat: 'left',
    tokenOverlapSec: 0,
    cursorLifeSec: 0,
    addCorpTagLists: 'new',
    echostrPlus: 'encoded',
    badJson: 'refuse',
    foreignTagErrcode: 40068,
    usedWelcomeErrcode: 41050,
    halfRelations: 'hidden',
    shortPages: false,
    imageMaxBytes: 10 * 1024 * 1024,
  },
})

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Groups whose keys are data, not names of settings, or that may be null: replaced as a whole. */
const wholes = new Set(['visibleRange', 'latencyMsByPath'])
/** Settings that may be null beside their usual kind. */
const nullables = new Set(['visibleRange', 'trustedIps', 'loginDomains', 'callback.url'])

function mergeGroup(current: Record<string, unknown>, patch: Record<string, unknown>, prefix: string) {
  const merged = { ...current }
  for (const [name, value] of Object.entries(patch)) {
    const path = `${prefix}${name}`
    if (!(name in current)) throw new TypeError(`no such setting: ${path}`)
    if (value === undefined) continue
    const before = current[name]
    if (isGroup(before) && isGroup(value) && !wholes.has(path)) merged[name] = mergeGroup(before, value, `${path}.`)
    else if (value === null ? nullables.has(path) : before === null || sameKind(before, value)) merged[name] = value
    else throw new TypeError(`setting ${path} has the wrong kind`)
  }
  return merged
}

const sameKind = (a: unknown, b: unknown) => typeof a === typeof b && Array.isArray(a) === Array.isArray(b)

/**
 * @returns new settings; groups are merged key by key, lists replace
 * @throws TypeError for an unknown name or a wrong kind
 */
export function mergeSettings(current: EmulatorSettings, patch: SettingsPatch): EmulatorSettings {
  return mergeGroup(current as unknown as Record<string, unknown>, patch, '') as unknown as EmulatorSettings
}
