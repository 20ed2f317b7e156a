import { type Entry, entries } from '../host/entries.ts'
import { presets, type PresetId } from '../host/presets.ts'

export const widths = ['300', '360', '420', 'phone'] as const
export const themes = ['system', 'light', 'dark'] as const
export const injects = ['first', 'late', 'never'] as const
export const onSwitches = ['reload', 'keep', 'keepQuiet'] as const
export const latencies = [0, 200, 1000, 3000] as const

/** Everything that can be set from outside, in one address, so that a test or a link opens exactly this. */
export interface Settings {
  preset: PresetId
  width: (typeof widths)[number]
  theme: (typeof themes)[number]
  entry: Entry | 'auto'
  silent: boolean
  cancels: boolean
  noPermission: boolean
  latencyMs: number
  inject: (typeof injects)[number]
  onSwitch: (typeof onSwitches)[number]
}

export interface Opening {
  guide: string
  /** external_userid, or */
  customer: string
  /** chat_id, or */
  chat: string
  /** the internal chat. */
  internal: boolean
  log: boolean
  phone: boolean
}

const defaults: Settings = {
  preset: 'windows',
  width: '360',
  theme: 'system',
  entry: 'auto',
  silent: false,
  cancels: false,
  noPermission: false,
  latencyMs: 0,
  inject: 'first',
  onSwitch: 'reload',
}

export function readAddress(search: string): { settings: Settings; opening: Opening } {
  const query = new URLSearchParams(search)
  const oneOf = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => {
    const value = query.get(name) as T
    return allowed.includes(value) ? value : otherwise
  }
  const on = (name: string) => query.has(name) && query.get(name) !== '0'
  const latencyMs = Number(query.get('latency') ?? 0)

  return {
    settings: {
      preset: oneOf('preset', Object.keys(presets) as PresetId[], defaults.preset),
      width: oneOf('width', widths, defaults.width),
      theme: oneOf('theme', themes, defaults.theme),
      entry: oneOf<Entry | 'auto'>('entry', [...entries, 'auto'], defaults.entry),
      silent: on('silent'),
      cancels: on('cancel'),
      noPermission: on('nopermission'),
      latencyMs: Number.isFinite(latencyMs) && latencyMs > 0 ? Math.min(latencyMs, 60_000) : 0,
      inject: oneOf('inject', injects, defaults.inject),
      onSwitch: oneOf('switch', onSwitches, defaults.onSwitch),
    },
    opening: {
      guide: query.get('guide') ?? '',
      customer: query.get('customer') ?? '',
      chat: query.get('chat') ?? '',
      internal: on('internal'),
      log: on('log'),
      phone: on('phone'),
    },
  }
}

/** The address of this state; what is as usual is left out. */
export function toAddress(settings: Settings, opening: Partial<Opening>): string {
  const query = new URLSearchParams()
  const put = (name: string, value: string | number | boolean | undefined, usual: unknown = '') => {
    if (value !== undefined && value !== usual && value !== false) query.set(name, value === true ? '1' : String(value))
  }
  put('guide', opening.guide)
  put('customer', opening.customer)
  put('chat', opening.chat)
  put('internal', opening.internal)
  put('preset', settings.preset, defaults.preset)
  put('width', settings.width, defaults.width)
  put('theme', settings.theme, defaults.theme)
  put('entry', settings.entry, defaults.entry)
  put('silent', settings.silent)
  put('cancel', settings.cancels)
  put('nopermission', settings.noPermission)
  put('latency', settings.latencyMs, 0)
  put('inject', settings.inject, defaults.inject)
  put('switch', settings.onSwitch, defaults.onSwitch)
  put('log', opening.log)
  put('phone', opening.phone)
  const text = query.toString()
  return text ? `?${text}` : ''
}
