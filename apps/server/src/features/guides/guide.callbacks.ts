import type { CallbackHandler, CallbackHandlers } from '../callbacks/callback-handlers.ts'
import type { GuideService } from './guide.service.ts'

/** Members come, change and leave; departments change: each time WeCom is read again. */
export function guideCallbacks(guides: GuideService): CallbackHandlers {
  const member: CallbackHandler<{ UserID: string; NewUserID?: string }> = {
    subjectOf: ({ UserID }) => `member/${UserID}`,
    async handle({ corp, events }) {
      const { UserID = '', NewUserID } = events.find(({ event }) => event.NewUserID)?.event ?? events[0]?.event ?? {}
      if (NewUserID) await guides.renameMember(corp, UserID, NewUserID)
      else await guides.memberChanged(corp, UserID)
    },
  }
  const department: CallbackHandler<unknown> = {
    subjectOf: () => 'departments',
    async handle({ corp }) {
      await guides.refreshDepartments(corp)
    },
  }
  return {
    'change_contact.create_user': member,
    'change_contact.update_user': member,
    'change_contact.delete_user': member,
    'change_contact.create_party': department,
    'change_contact.update_party': department,
    'change_contact.delete_party': department,
  }
}
