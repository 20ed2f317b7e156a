import type { CheckId, SetUpStepId } from '@guidebar/contracts'
import { queryOptions } from '@tanstack/vue-query'

import { api } from '../../platform/api.ts'

export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: ({ signal }) => api.getSetUp({ signal }),
  retry: false,
})

/** The checks that say whether a step is done. */
export const checksOfStep: Record<SetUpStepId, readonly CheckId[]> = {
  start: ['settings', 'mongodb'],
  address: ['public-url', 'tls', 'clock'],
  credentials: ['corp-settings', 'gettoken', 'agent'],
  callback: ['callback-settings', 'callback-loop', 'callback-arrival'],
  domain: ['verify-file', 'domain-owner', 'trusted-domain'],
  'trusted-ip': ['trusted-ip'],
  'customer-contact': ['customer-contact'],
  'visible-range': ['visible-range', 'member-fields'],
  toolbar: ['ticket-corp', 'ticket-agent'],
  'mini-program': ['mini-program'],
  'first-sync': ['first-sync'],
  'first-chat': ['chat-toolbar', 'js-signature', 'js-sdk'],
}

/** Steps that wait for something that happens in WeCom are looked at more often. */
export const lookEveryMs = (step: SetUpStepId): number =>
  step === 'callback' || step === 'first-sync' || step === 'first-chat' ? 5_000 : 20_000

/** Steps that may be left out. */
export const optionalSteps: readonly SetUpStepId[] = ['mini-program']
