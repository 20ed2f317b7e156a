import { ref } from 'vue'

import { toFailureCode } from '../../platform/failure-words.ts'
import { useI18n } from '../../platform/i18n.ts'
import { useServices } from '../../platform/services.ts'

/** Leads into a customer's chat; where the client cannot, it says so and the guide goes by the name. */
export function useOpenChat() {
  const { t } = useI18n()
  const { host, toasts } = useServices()
  /** Whose chat is being opened. */
  const opening = ref('')

  async function openChat(externalUserId: string, name: string): Promise<void> {
    if (opening.value) return
    opening.value = externalUserId
    const error = await host.openChat(externalUserId)
    opening.value = ''
    if (!error || error.code === 'CANCELLED') return
    toasts.show({ tone: 'bad', text: t('myDay.chatNotOpened', { name }), code: toFailureCode(error) })
  }
  return { opening, openChat }
}
