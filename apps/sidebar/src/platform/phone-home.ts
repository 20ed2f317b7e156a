import type { ClientReport } from '@guidebar/contracts'

import type { ChatHeard } from '../host/ask-chat.ts'
import { readClient } from '../host/client.ts'
import { toHostError } from '../host/host-error.ts'
import type { GuidebarStart } from '../start/start.types.ts'

/** Of `@wecom/jssdk`; the one that is built in. */
export const sdkVersion = '2.4.4'

const toldKey = 'guidebar-told'
/** That all is well is worth saying now and then; a fault sooner, so that the doctor sees it mended. */
const pauseMs = { good: 6 * 3_600_000, bad: 60_000 }

/** Tells the server how the panel came up, for the doctor. Nothing depends on it, so failures are left alone. */
export async function phoneHome(start: GuidebarStart): Promise<void> {
  const { isWecom } = readClient(navigator.userAgent)
  if (!start.boot || !isWecom) return
  const heard = await start.chat
  const signedUrl = await start.signatures.then(
    ({ url }) => url,
    () => null,
  )
  const report = toClientReport(heard, { href: location.href, signedUrl, userAgent: navigator.userAgent })
  if (!isDue(report)) return
  await fetch('/api/sidebar/client-reports', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  }).catch(() => undefined)
}

type Page = { href: string; signedUrl: string | null; userAgent: string }

export function toClientReport(heard: ChatHeard | { refused: unknown }, page: Page): ClientReport {
  const { version, isMac } = readClient(page.userAgent)
  const cut = (text: string) => text.slice(0, 512)
  return {
    href: cut(page.href),
    signedUrl: page.signedUrl === null ? null : cut(page.signedUrl),
    sdkVersion,
    wecomVersion: version || null,
    platform: platformOf(page.userAgent, isMac),
    entry: 'entry' in heard && 'told' in heard.entry && heard.entry.told ? heard.entry.told.slice(0, 60) : null,
    error: errorOf(heard),
  }
}

function errorOf(heard: ChatHeard | { refused: unknown }): ClientReport['error'] {
  if ('refused' in heard) return toError('agentConfig', heard.refused)
  if ('refused' in heard.entry) return toError('getContext', heard.entry.refused)
  // Without a customer in sight there is nothing wrong with a group, or with a page outside chats.
  if ('refused' in heard.customer && !heard.group) return toError('getCurExternalContact', heard.customer.refused)
  return null
}

function toError(stage: string, reason: unknown): ClientReport['error'] {
  const { code, message } = toHostError(reason)
  return { stage, message: `${code}: ${message}`.slice(0, 200), errcode: code === 'BAD_SIGNATURE' ? 40093 : null }
}

function platformOf(userAgent: string, isMac: boolean): string {
  if (/iphone|ipad/i.test(userAgent)) return 'ios'
  if (/android/i.test(userAgent)) return 'android'
  return isMac ? 'mac' : 'windows'
}

/** Each of the guide's chat switches opens the page anew: not each of them needs to be told. */
function isDue({ error, entry }: ClientReport): boolean {
  try {
    const now = Date.now()
    const state = `${error?.message ?? 'ok'} ${entry ?? ''}`
    const [before = '', at = '0'] = (localStorage.getItem(toldKey) ?? '').split('\n')
    if (before === state && now - Number(at) < (error ? pauseMs.bad : pauseMs.good)) return false
    localStorage.setItem(toldKey, `${state}\n${now}`)
  } catch {
    // A browser that keeps nothing tells each time.
  }
  return true
}
