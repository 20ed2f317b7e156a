/** What the page and the server part of the simulator say to each other under `/__sim/api/`. Moments are ISO 8601. */
import type { SendableContent } from './host/message-rules.ts'

export interface GuideSummary {
  userId: string
  name: string
  position: string
  avatar: string
  /** Configured for 客户联系. */
  customerContact: boolean
  customerCount: number
}

export interface CustomerSummary {
  conversationId: string
  externalUserId: string
  /** Name in WeChat. */
  name: string
  remark: string
  avatar: string
  /** 1 WeChat user, 2 WeCom user of another corp. */
  type: 1 | 2
  addedAt: string
  /** The customer has deleted the guide; the guide's client still shows the chat. */
  gone: boolean
}

export interface GroupSummary {
  conversationId: string
  chatId: string
  name: string
  memberCount: number
}

/** Everything the page shows beside messages. */
export interface ClientView {
  corpName: string
  agentName: string
  /** The app may call customer APIs. */
  customerContactCallable: boolean
  guides: GuideSummary[]
  /** null before anybody has signed in. */
  userId: string | null
  customers: CustomerSummary[]
  groups: GroupSummary[]
  shopConnected: boolean
}

/** What a bubble shows; media carry what is known of the file. */
export type MessageContent =
  | Exclude<SendableContent, { mediaId: string } | { type: 'card' }>
  | { type: 'image' | 'video' | 'file'; mediaId: string; fileName: string; bytes: number; url: string }
  | { type: 'card'; appId: string; programName: string; title: string; imageUrl: string; page: string }

export interface ChatMessage {
  id: string
  conversationId: string
  from: 'guide' | 'customer' | 'notice'
  senderName: string
  at: string
  content: MessageContent
  /** false: refused by WeChat, because the customer has deleted the guide. */
  delivered: boolean
}

export interface AppendMessage {
  /** Made by the page once for one message; the same one again gives the message that is already there. */
  clientId: string
  from: 'guide' | 'customer'
  content: SendableContent
}

/** What the pretend shop shows when a card is tapped. */
export interface ShopPage {
  visitId: string
  programName: string
  title: string
  imageUrl: string
  path: string
  parameters: { name: string; value: string }[]
  /** Without `.html` after the path WeChat finds no page. */
  found: boolean
  sku: string
  /** In fen; null when the shop must be told. */
  priceFen: number | null
  /** Whether the path carries a token that can credit the sale. */
  hasToken: boolean
  report: ShopReport
}

/** What became of a report to the order intake. */
export type ShopReport =
  | { state: 'accepted'; credited: boolean | null }
  | { state: 'notConnected' | 'noToken' }
  | { state: 'refused'; status: number; code: string }

export interface BuyInput {
  messageId: string
  /** Made once for one purchase; pressing twice buys once. */
  orderNo: string
  amountFen: number
}

export interface AddCustomerInput {
  name: string
  /** From the code that was scanned; empty for none. */
  state: string
}
