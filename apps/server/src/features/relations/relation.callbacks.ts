import type { CallbackHandler, CallbackHandlers } from '../callbacks/callback-handlers.ts'
import type { RelationService } from './relation.service.ts'

type Pair = { UserID: string; ExternalUserID: string }

const came = ['change_external_contact.add_external_contact', 'change_external_contact.add_half_external_contact']

/** Whatever happened to a customer, the customer is read again; the event itself is only a hint. */
export function relationCallbacks(relations: RelationService): CallbackHandlers {
  const customer: CallbackHandler<Pair> = {
    subjectOf: ({ ExternalUserID }) => `customer/${ExternalUserID}`,
    async handle({ corp: { corpId }, events }) {
      const externalUserId = events[0]?.event.ExternalUserID
      if (!externalUserId) return
      const endedBy = events
        .filter(({ name }) => name === 'change_external_contact.del_external_contact')
        .map(({ event }) => event.UserID)
      await relations.refresh({ corpId, externalUserId }, { endedBy })
      // WeCom's lists show one-sided relations like whole ones: only events tell that the customer left.
      for (const { name, event, happenedAt: at } of events) {
        const gone = name === 'change_external_contact.del_follow_user'
        if (gone || came.includes(name)) {
          await relations.noteCustomerMoved({ corpId, userId: event.UserID, externalUserId }, { gone, at })
        }
      }
    },
  }
  return {
    'change_external_contact.add_external_contact': customer,
    'change_external_contact.add_half_external_contact': customer,
    'change_external_contact.edit_external_contact': customer,
    'change_external_contact.del_external_contact': customer,
    'change_external_contact.del_follow_user': customer,
    // The hand-over did not happen: whoever serves the customer now is read again.
    'change_external_contact.transfer_fail': customer,
  }
}
