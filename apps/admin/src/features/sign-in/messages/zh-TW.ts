import type { zhCN } from './zh-CN.ts'

export const zhTW = {
  title: '登入管理後台',
  lead: '請使用企業微信掃碼登入。只有獲授權的管理員可以進入。',
  action: '企業微信登入',
  ended: '登入已逾時，請重新登入。',
  first: {
    title: '第一次使用',
    label: '一次性代碼',
    hint: '伺服器啟動時顯示一次，15 分鐘內有效。',
    action: '用代碼進入',
    wrong: '代碼不正確、已用過或已過期。重新啟動伺服器會顯示新的代碼。',
    tooOften: '嘗試太頻繁，請等一分鐘再試。',
  },
  again: { title: '已確認是你本人', next: '請關閉這個視窗，回到管理後台。' },
} satisfies typeof zhCN
