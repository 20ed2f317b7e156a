import type { zhCN } from './zh-CN.ts'

export const zhTW = {
  start: '立即同步',
  phases: {
    idle: '尚未同步過',
    directory: '正在讀取通訊錄',
    followers: '正在讀取導購名單',
    relations: '正在讀取客戶關係',
    tags: '正在讀取企業標籤',
    done: '同步完成',
    failed: '同步未完成',
  },
  of: '{done} / {total}',
  count: '{done} 筆',
  rate: '每秒 {rate} 筆',
  eta: '預計還需 {seconds} 秒',
  finishedAt: '完成於 {time}',
  failedNext: '系統會自動重試；也可以點「立即同步」。原因：{reason}',
} satisfies typeof zhCN
