import type { zhCN } from './zh-CN.ts'

export const zhTW = {
  title: '登入管理後台',
  lead: '請使用企業微信掃碼登入。只有獲授權的管理員可以進入。',
  action: '企業微信登入',
  ended: '登入已逾時，請重新登入。',
} satisfies typeof zhCN
