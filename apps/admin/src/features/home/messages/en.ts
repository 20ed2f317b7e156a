import type { zhCN } from './zh-CN.ts'

export const en = {
  title: 'Home',
  asOf: 'As of {time}',
  corp: 'Corp {corpId}',
  now: 'Right now',
  month: 'This month',
  guides: 'Guides',
  stores: 'Stores and departments',
  customers: 'Customers',
  relations: 'Relations',
  tags: 'Corp tags',
  quickReplies: 'Quick replies',
  cards: 'Mini-program cards',
  cardsSent: 'Cards sent',
  orders: 'Credited orders',
  amount: 'Credited sales',
  sync: 'Sync with WeCom',
  callbacks: 'Callbacks',
  callbacksWaiting: '{count} waiting',
  callbacksLast: 'Latest: {time}',
  callbacksNone: 'No callback has arrived yet.',
} satisfies typeof zhCN
