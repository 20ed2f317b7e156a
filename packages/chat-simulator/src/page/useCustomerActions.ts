import type { CustomerSummary } from '../api-contract.ts'
import type { useDialogs } from './dialogs.ts'
import { text } from './messages.zh-CN.ts'
import { simulatorApi as api } from './simulator.api.ts'

/** What happens between people outside the panel; the corp learns of it by callbacks. */
export function useCustomerActions({
  ask,
  refresh,
  say,
  fail,
  openAdded,
}: {
  ask: ReturnType<typeof useDialogs>['ask']
  refresh: () => Promise<void>
  say: (words: string) => void
  fail: (error: unknown) => void
  openAdded: (externalUserId: string) => Promise<void>
}) {
  async function addCustomer() {
    const asked = await ask({ kind: 'newCustomer' })
    if (!asked) return
    try {
      const { externalUserId } = await api.addCustomer(asked)
      await openAdded(externalUserId)
      say(text.added(asked.name))
    } catch (error) {
      fail(error)
    }
  }

  async function customerDeletesGuide({ externalUserId, name }: CustomerSummary) {
    try {
      await api.deleteGuide(externalUserId)
      await refresh()
      say(text.deletedYou(name))
    } catch (error) {
      fail(error)
    }
  }

  async function editRemark({ externalUserId, remark }: CustomerSummary) {
    const asked = await ask({ kind: 'editRemark', remark })
    if (asked === null) return
    try {
      await api.editRemark(externalUserId, asked)
      await refresh()
      say(text.remarkSaved)
    } catch (error) {
      fail(error)
    }
  }

  return { addCustomer, customerDeletesGuide, editRemark }
}
