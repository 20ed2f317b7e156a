import { defineChecks, fail, ok, skip, warn } from '../check.ts'
import type { DoctorContext, SeenClient } from '../doctor.context.ts'
import { toText } from './callback.checks.ts'
import { console, page } from './credentials.checks.ts'

const check = defineChecks<DoctorContext>()
/** The oldest client with all calls the panel makes. */
const oldestClient = '3.0.24'
const chatEntries = /^(single|group)_chat_tools$|^contact_profile$/

/** Runs a look at how the panel came up on people's screens, the latest first. */
function withClients<R, N>(look: (clients: [SeenClient, ...SeenClient[]]) => R, nobody: () => N) {
  return async ({ wecom, records }: DoctorContext) => {
    if (!wecom) return skip('no-corp')
    if (!records) return skip('no-database')
    const [latest, ...others] = await records.clients()
    return latest ? look([latest, ...others]) : nobody()
  }
}

/** The panel in the chat window. */
export const panelChecks = [
  check(
    'chat-toolbar',
    withClients(
      ([latest, ...others]) => {
        const isOpen = ({ entry, error }: SeenClient) => entry !== null && chatEntries.test(entry) && error === null
        const isOutside = latest.entry !== null && !chatEntries.test(latest.entry)
        const good = [latest, ...others].find(isOpen)
        if (isOutside || (!good && latest.error?.message.includes('without context')))
          return warn('outside', { entry: latest.entry ?? '—' })
        return good ? ok('ok', { at: toText(good.at) }) : warn('never')
      },
      () => warn('never'),
    ),
    { link: page(94315) },
  ),

  check(
    'js-signature',
    withClients(
      ([latest]) => {
        const isRefused =
          latest.error?.errcode === 40093 || /invalid ?signature|40093/i.test(latest.error?.message ?? '')
        if (!isRefused) return ok('ok')
        const signed = latest.signedUrl ?? ''
        // What follows # is never signed.
        const seen = latest.href.split('#', 1)[0] ?? ''
        const at = firstDifference(seen, signed)
        if (at === null) return fail('rejected', { errcode: 40093 })
        const near = (text: string) => text.slice(Math.max(0, at - 6), at + 14) || '—'
        return fail('other-url', { at: at + 1, seen: near(seen), signed: near(signed), errcode: 40093 })
      },
      () => skip('not-yet'),
    ),
    { link: page(90506), after: ['ticket-corp', 'ticket-agent'] },
  ),

  check(
    'js-sdk',
    withClients(
      ([latest]) => {
        const { sdkVersion: sdk, wecomVersion: client, platform, error } = latest
        if (/not a function|function ?not ?exist|not ?support/i.test(error?.message ?? ''))
          return fail('no-function', { message: error?.message ?? '', sdk })
        if (client !== null && isOlder(client, oldestClient))
          return fail('too-old', { client, platform, needed: oldestClient })
        return ok('ok', { sdk, client: client ?? '—', platform })
      },
      () => skip('not-yet'),
    ),
    { link: console.apps },
  ),
]

/** Where two texts part; null when they are equal. */
function firstDifference(one: string, other: string): number | null {
  const length = Math.max(one.length, other.length)
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at
  return null
}

function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [version, than].map((text) => text.split('.').map(Number))
  for (let at = 0; at < 3; at += 1) {
    const difference = (mine?.[at] ?? 0) - (theirs?.[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
