import type { CustomerReader } from '../relations/customer.reader.ts'
import type { SendLookups } from '../sends/send.lookups.ts'
import type { GuideNotices } from './guide-notice.service.ts'

type Deps = {
  sends: Pick<SendLookups, 'listToTell' | 'markTold'>
  customers: Pick<CustomerReader, 'lines'>
  groupName(corpId: string, chatId: string): Promise<string>
  notices: GuideNotices
}

const mostAtOnce = 200

/** «Tell me when opened»: one message to the guide for each send that asked for it. */
export function createOpenedNotices({ sends, customers, groupName, notices }: Deps) {
  return {
    /** Safe to run twice and side by side. @returns how many guides were told */
    async tellOpened(): Promise<number> {
      let told = 0
      for (const { _id, corpId, userId, externalUserId, chatId, title } of await sends.listToTell(mostAtOnce)) {
        const sendId = _id.toHexString()
        const guide = { corpId, userId }
        const customerName = externalUserId
          ? (await customers.lines(guide, [externalUserId])).get(externalUserId)?.name
          : await groupName(corpId, chatId ?? '')
        if (customerName !== undefined) {
          const sent = await notices.notify(guide, `opened/${sendId}`, { kind: 'opened', customerName, title }).then(
            () => true,
            () => false,
          )
          if (!sent) continue
          told++
        }
        await sends.markTold(sendId)
      }
      return told
    },
  }
}

export type OpenedNotices = ReturnType<typeof createOpenedNotices>
