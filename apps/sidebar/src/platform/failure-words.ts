import { ApiError } from '@guidebar/api-client'

import { HostError } from '../host/host-error.ts'
import type { zhCNLater } from '../messages/zh-CN.later.ts'
import { useI18n } from './i18n.ts'

export type FailureCode = keyof (typeof zhCNLater)['failure']
export type FailureWords = { title: string; cause: string; nextStep: string; /** For support. */ code: string }

/** The code of an error; there are words for each. */
export function toFailureCode(error: unknown): FailureCode {
  return error instanceof ApiError || error instanceof HostError ? (error.code as FailureCode) : 'UNKNOWN'
}

export function isOffline(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'OFFLINE'
}

/** The doctor's check that explains what the client says. */
const checkOfHostError: Partial<Record<HostError['code'], string>> = {
  BAD_SIGNATURE: 'js-signature',
  SIGNATURE_UNAVAILABLE: 'ticket-agent',
  UNTRUSTED_DOMAIN: 'trusted-domain',
  BAD_CORP: 'agent',
  NO_PERMISSION: 'agent',
  WRONG_ENTRY: 'chat-toolbar',
  CLIENT_TOO_OLD: 'js-sdk',
  UNSUPPORTED: 'js-sdk',
}

/** What support needs to find the case: our code, WeCom's code, the request, the client's own words. */
export function toSupportCode(error: unknown): string {
  if (error instanceof ApiError)
    return [error.code, error.errcode, error.check, error.requestId].filter((part) => part !== null).join(' · ')
  if (error instanceof HostError)
    return [error.code, checkOfHostError[error.code], error.message].filter(Boolean).join(' · ')
  return 'UNKNOWN'
}

/** Words for a failure: cause and next step in the reader's language. */
export function useFailureWords() {
  const { t } = useI18n()
  return (error: unknown, as: FailureCode = toFailureCode(error)): FailureWords => {
    const key = `failure.${as}`
    // A code the server learnt after this page was built.
    const known = t(`${key}.title`) === `${key}.title` ? 'failure.UNKNOWN' : key
    return {
      title: t(`${known}.title`),
      cause: t(`${known}.cause`),
      nextStep: t(`${known}.next`),
      code: error === undefined ? as : toSupportCode(error),
    }
  }
}
