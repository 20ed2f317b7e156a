import { shallowRef } from 'vue'

/** A window that the client opens over everything else. `settle` gives the person's answer; null is «closed». */
export type ClientDialog =
  | { kind: 'profile'; who: 'member' | 'customer'; id: string; settle: (answer: null) => void }
  | { kind: 'pickCustomers'; settle: (answer: string[] | null) => void }
  | { kind: 'addCustomerPage'; settle: (answer: true | null) => void }
  | { kind: 'images'; urls: string[]; current: string; settle: (answer: null) => void }
  | { kind: 'browser'; url: string; settle: (answer: null) => void }
  | { kind: 'launch'; appId: string; path: string; settle: (answer: null) => void }
  | { kind: 'newCustomer'; settle: (answer: { name: string; state: string } | null) => void }
  | { kind: 'editRemark'; remark: string; settle: (answer: string | null) => void }

type Asked<K extends ClientDialog['kind']> = Extract<ClientDialog, { kind: K }>
type Answer<K extends ClientDialog['kind']> = Parameters<Asked<K>['settle']>[0]

/** One dialog at a time, as in the client; a new one closes the one before. */
export function useDialogs() {
  const dialog = shallowRef<ClientDialog | null>(null)

  function ask<K extends ClientDialog['kind']>(
    wanted: Omit<Asked<K>, 'settle'> & { kind: K },
  ): Promise<Answer<K> | null> {
    dialog.value?.settle(null)
    return new Promise((resolve) => {
      const settle = (answer: Answer<K> | null) => {
        dialog.value = null
        resolve(answer)
      }
      dialog.value = { ...wanted, settle } as unknown as ClientDialog
    })
  }
  return { dialog, ask }
}
