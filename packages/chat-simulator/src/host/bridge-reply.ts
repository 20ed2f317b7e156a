import type { Preset } from './presets.ts'

/** What the bridge hands back: always with a message, because the SDK takes a reply without one for success. */
export type BridgeReply = Record<string, unknown> & { err_msg?: string; errmsg?: string; err_code?: number }

/** A success with the call's own fields. */
export function toOkReply(name: string, fields: Record<string, unknown> = {}): BridgeReply {
  return { ...fields, err_msg: `${name}:ok` }
}

/** A refusal under the key that this platform uses. */
export function toRefusal(name: string, text: string, preset: Preset): BridgeReply {
  return preset.platform === 'windows' ? { errmsg: `${name}:${text}` } : { err_msg: `${name}:${text}` }
}

/** Asked for a customer or a group that this entry does not have: the platforms word it differently. */
export function toWithoutContext(name: string, preset: Preset): BridgeReply {
  const text = 'without context of external contact'
  return preset.platform === 'mac'
    ? { err_msg: `${name}:fail_fail_${text}`, err_code: 2 }
    : toRefusal(name, `fail_${text}`, preset)
}
