import type {
  BootFacts,
  CardCatalogue,
  JsSignatures,
  MiniProgramCardView,
  QuickReplyView,
  RelationTag,
  RelationView,
  ReplyMarks,
  SendView,
  SidebarContext,
  TagCare,
  TagLibrary,
} from '@guidebar/contracts'

export const guide = { userId: 'xiaomei', name: '小美', storeId: '7', storeName: '天河店' }

export const signatures = (url: string): JsSignatures => ({
  url,
  corp: { timestamp: 1_700_000_000, nonceStr: 'corp-nonce', signature: 'corp-signature' },
  agent: { timestamp: 1_700_000_001, nonceStr: 'agent-nonce', signature: 'agent-signature' },
})

export const bootFacts = (url: string | null = null): BootFacts => ({
  corpId: 'ww1',
  agentId: '1000002',
  guide,
  sessionRef: 'session-1',
  signatures: url === null ? null : signatures(url),
  brand: '天河数码',
})

export const tags: Record<'member' | 'apple' | 'huawei', RelationTag> = {
  member: { tagId: 'et-member', name: '会员', groupId: 'g-level', groupName: '等级' },
  apple: { tagId: 'et-apple', name: '苹果', groupId: 'g-brand', groupName: '品牌' },
  huawei: { tagId: 'et-huawei', name: '华为', groupId: 'g-brand', groupName: '品牌' },
}
export const tagLibrary: TagLibrary = {
  groups: [
    { groupId: 'g-level', name: '等级', tags: [{ tagId: 'et-member', name: '会员', keys: 'hui yuan' }] },
    {
      groupId: 'g-brand',
      name: '品牌',
      tags: [
        { tagId: 'et-apple', name: '苹果', keys: 'ping guo' },
        { tagId: 'et-huawei', name: '华为', keys: 'hua wei' },
      ],
    },
  ],
}

export const tagCare = (change: Partial<TagCare> = {}): TagCare => ({
  own: [],
  byColleagues: [],
  suggested: [],
  limits: { tags: 3, mostTags: 3_000, mostNameLength: 30 },
  canCreate: false,
  ...change,
})

export const relation = (change: Partial<RelationView> = {}): RelationView => ({
  externalUserId: 'wm-wang',
  status: 'active',
  remark: '王姐',
  description: '',
  tags: [tags.member],
  addedAt: '2026-04-25T08:00:00.000Z',
  addWay: 1,
  state: '',
  syncedAt: '2026-11-20T08:00:00.000Z',
  ...change,
})

let lastId = 0
const nextId = () => (++lastId).toString(16).padStart(24, '0')

export const quickReply = (change: Partial<QuickReplyView> = {}): QuickReplyView => ({
  id: nextId(),
  scope: 'corp',
  folder: '会员',
  title: '会员积分',
  shortcut: '',
  parts: [{ type: 'text', text: '{{customer.name|亲}}您好，我是{{guide.name}}' }],
  keys: 'hui,kuai yuan ji fen',
  teamUses: 0,
  ownUses: 0,
  ...change,
})

export const replyMarks = (change: Partial<ReplyMarks> = {}): ReplyMarks => ({
  daypart: 'afternoon',
  order: [],
  usedNow: {},
  unused: [],
  expired: [],
  expiries: {},
  proposals: [],
  ...change,
})

export const card = (change: Partial<MiniProgramCardView> = {}): MiniProgramCardView => ({
  id: nextId(),
  kind: 'product',
  title: '华为新品',
  coverUrl: 'https://guide.example.com/media/1',
  programName: '天河数码',
  sku: 'HW-1',
  priceFen: 649_900,
  keys: 'hua wei xin pin',
  teamUses: 0,
  ...change,
})
export const catalogue = (...cards: MiniProgramCardView[]): CardCatalogue => ({ version: '1', cards })

export const sendView = (change: Partial<SendView> = {}): SendView => ({
  id: nextId(),
  status: 'client_ok',
  kind: 'card',
  title: '华为新品',
  coverUrl: null,
  cardId: null,
  source: null,
  sentAt: '2026-11-21T08:00:00.000Z',
  openedAt: null,
  openedTimes: 0,
  boughtAt: null,
  boughtFen: 0,
  ...change,
})

export const context = (change: Partial<SidebarContext> = {}): SidebarContext => ({
  asOf: '2026-11-21T08:00:00.000Z',
  wecomReachable: true,
  guide,
  customer: { externalUserId: 'wm-wang', name: '小鱼', avatarUrl: null, gender: 2, type: 1, corpName: null },
  relation: relation(),
  fellows: [],
  topReplies: [],
  sends: [],
  performance: {
    monthStart: '2026-10-31T16:00:00.000Z',
    cardsSent: 3,
    cardsOpened: 2,
    orders: 1,
    amountFen: 119_900,
  },
  ...change,
})
