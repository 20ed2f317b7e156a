import type { RightsAction, RightsSubject } from '@guidebar/contracts'

import type { AuditAction } from '../audit/audit.model.ts'

/**
 * An admin route's configuration.
 * @param audit what a change is on record as; calls that only look have none
 */
export const rightsTo = (action: RightsAction, subject: RightsSubject, audit?: AuditAction) =>
  ({ access: 'admin', can: { action, subject }, ...(audit && { audit }) }) as const
