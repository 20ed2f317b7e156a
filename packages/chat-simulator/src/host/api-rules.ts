import type { Entry } from './entries.ts'
import { compareVersions, isPhone, type Platform, type Preset } from './presets.ts'

/** What a client asks of a call before it does anything. Versions are the oldest client that knows the call. */
export interface ApiRule {
  since: string
  /** Desktop clients sometimes learnt a call later. */
  sinceOnDesktop?: string
  /** Absent: every platform. */
  platforms?: readonly Platform[]
  /** Needs registration with app identity, the app in 客户联系 and the member configured for it. */
  customerContact?: true
  /** Entries from which the call is allowed, with the oldest client for each; absent: any entry. */
  entries?: Partial<Record<Entry, { since: string; notOn?: readonly Platform[] }>>
  /** The client shows a picker or a question that the user can close. */
  cancellable?: true
}

const phones = ['ios', 'android'] as const
const desktops = ['windows', 'mac'] as const

/**
 * The calls this client answers; any other is `function not exist`.
 * @see https://developer.work.weixin.qq.com/document/path/96912
 */
export const apiRules: Record<string, ApiRule> = {
  preVerifyJSAPI: { since: '0' },
  agentConfig: { since: '0' },
  checkJsApi: { since: '0' },
  getContext: { since: '3.0.24' },
  getCurExternalContact: {
    since: '2.5.8',
    customerContact: true,
    entries: {
      contact_profile: { since: '2.5.8' },
      single_chat_tools: { since: '2.8.10' },
      single_kf_tools: { since: '3.1.10' },
    },
  },
  getCurExternalChat: { since: '2.8.17', customerContact: true, entries: { group_chat_tools: { since: '2.8.17' } } },
  sendChatMessage: {
    since: '2.8.10',
    customerContact: true,
    cancellable: true,
    entries: {
      single_chat_tools: { since: '2.8.10' },
      group_chat_tools: { since: '2.8.10' },
      chat_attachment: { since: '3.1.6', notOn: ['mac'] },
      single_kf_tools: { since: '3.1.10' },
    },
  },
  hideChatAttachmentMenu: { since: '3.1.6', entries: { chat_attachment: { since: '3.1.6' } } },
  openUserProfile: { since: '2.4.20' },
  openEnterpriseChat: { since: '2.0.0' },
  navigateToAddCustomer: { since: '3.0.36', platforms: phones, customerContact: true, cancellable: true },
  selectExternalContact: { since: '2.4.20', customerContact: true, cancellable: true },
  launchMiniprogram: { since: '3.0.36', cancellable: true },
  imagePreview: { since: '2.0.0' },
  setClipboardData: { since: '2.4.16', sinceOnDesktop: '3.1.2' },
  openDefaultBrowser: { since: '2.3.0', platforms: desktops },
  closeWindow: { since: '2.0.0' },
  hideOptionMenu: { since: '2.0.0' },
  showOptionMenu: { since: '2.0.0' },
}

/** Whether this client knows the call at all. */
export function clientKnows(name: string, preset: Preset): boolean {
  const rule = Object.hasOwn(apiRules, name) ? apiRules[name] : undefined
  if (!rule || rule.platforms?.includes(preset.platform) === false) return false
  const since = (!isPhone(preset) && rule.sinceOnDesktop) || rule.since
  return compareVersions(preset.version, since) >= 0
}

/** Whether the call is allowed in a page opened from this entry, by this client. */
export function entryAllows(name: string, entry: Entry, preset: Preset): boolean {
  const allowed = apiRules[name]?.entries
  if (!allowed) return true
  const here = allowed[entry]
  return (
    here !== undefined && !here.notOn?.includes(preset.platform) && compareVersions(preset.version, here.since) >= 0
  )
}
