import type { zhCN } from './zh-CN.ts'

export const zhTW: typeof zhCN = {
  title: '接入檢查',
  lead: '從伺服器到企業微信逐項檢查：哪裡不對、為什麼、怎麼改。',
  again: '重新檢查',
  copy: '複製報告',
  setUp: '開啟設定嚮導',
  where: '去哪裡改 / 瞭解更多',
  asOf: '檢查於 {time}',
  status: { ok: '正常', warn: '注意', fail: '有問題', skip: '沒有檢查' },
  groups: { wrong: '需要處理（{count}）', unseen: '暫時無法檢查（{count}）', fine: '正常（{count}）' },
}
