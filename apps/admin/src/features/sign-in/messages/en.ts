import type { zhCN } from './zh-CN.ts'

export const en = {
  title: 'Sign in to the admin panel',
  lead: 'Scan with WeCom to sign in. Only authorised admins can enter.',
  action: 'Sign in with WeCom',
  ended: 'Your sign-in has ended. Please sign in again.',
} satisfies typeof zhCN
