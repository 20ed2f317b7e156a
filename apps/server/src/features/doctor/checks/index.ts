import { checkIds } from '@guidebar/contracts'

import { addressChecks } from './address.checks.ts'
import { callbackChecks } from './callback.checks.ts'
import { corpChecks } from './corp.checks.ts'
import { credentialChecks } from './credentials.checks.ts'
import { domainChecks } from './domain.checks.ts'
import { panelChecks } from './panel.checks.ts'
import { trafficChecks } from './traffic.checks.ts'

const all = [
  ...addressChecks,
  ...credentialChecks,
  ...callbackChecks,
  ...domainChecks,
  ...corpChecks,
  ...trafficChecks,
  ...panelChecks,
]

/** Every check there is, in the order in which people set things up. */
export const checks = checkIds.map((id) => {
  const found = all.find((check) => check.id === id)
  if (!found) throw new TypeError(`the check ${id} is not written`)
  return found
})
