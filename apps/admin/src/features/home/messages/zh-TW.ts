import type { zhCN } from './zh-CN.ts'

export const zhTW = {
  title: '首頁',
  asOf: '截至 {time}',
  corp: '企業 {corpId}',
  now: '目前',
  month: '本月',
  guides: '導購',
  stores: '門市與部門',
  customers: '客戶',
  relations: '客戶關係',
  tags: '企業標籤',
  quickReplies: '快捷回覆',
  cards: '小程式卡片',
  cardsSent: '已發卡片',
  orders: '歸因訂單',
  amount: '歸因成交',
  sync: '同步企業微信',
  callbacks: '回呼事件',
  callbacksWaiting: '待處理 {count} 筆',
  callbacksLast: '最近一筆：{time}',
  callbacksNone: '尚未收到任何回呼。',
} satisfies typeof zhCN
