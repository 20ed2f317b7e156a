import type { JsSignatureInput, JsSignatureVerdict } from '@guidebar/wecom-emulator/control'

import type {
  AddCustomerInput,
  AppendMessage,
  BuyInput,
  ChatMessage,
  ClientView,
  ShopPage,
  ShopReport,
} from '../api-contract.ts'

async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`/__sim/api/${path}`, {
    method,
    ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
  })
  if (response.status === 204) return undefined as T
  const answer = (await response.json().catch(() => ({}))) as T & { error?: { message: string } }
  if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`)
  return answer
}

const part = encodeURIComponent

/** The simulator's own server part. */
export const simulatorApi = {
  view: (text = '') => call<ClientView>('GET', `view?text=${part(text)}`),
  signIn: (userId: string) => call<void>('POST', 'sign-in', { userId }),
  messages: (conversationId: string) => call<ChatMessage[]>('GET', `conversations/${part(conversationId)}/messages`),
  append: (conversationId: string, message: AppendMessage) =>
    call<ChatMessage>('POST', `conversations/${part(conversationId)}/messages`, message),
  verifyJsSignature: (input: JsSignatureInput) => call<JsSignatureVerdict>('POST', 'js-signature', input),
  findMedia: async (mediaId: string) => {
    const { type, expired = false } = await call<{ type: string | null; expired?: boolean }>(
      'GET',
      `media-facts?id=${part(mediaId)}`,
    )
    return type === null ? null : { type, expired }
  },
  isMiniProgramLinked: async (appId: string) => (await call<string[]>('GET', 'mini-programs')).includes(appId),
  openShop: (messageId: string) => call<ShopPage>('POST', 'shop/open', { messageId }),
  buy: (input: BuyInput) => call<ShopReport>('POST', 'shop/buy', input),
  addCustomer: (input: AddCustomerInput) => call<{ externalUserId: string }>('POST', 'customers', input),
  editRemark: (externalUserId: string, remark: string) =>
    call<void>('POST', `customers/${part(externalUserId)}/remark`, { remark }),
  deleteGuide: (externalUserId: string) => call<void>('POST', `customers/${part(externalUserId)}/delete-guide`),
}
