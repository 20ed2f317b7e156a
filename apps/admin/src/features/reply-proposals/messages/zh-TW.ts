import type { zhCN } from './zh-CN.ts'

export const zhTW: typeof zhCN = {
  title: '導購投稿',
  lead: '導購把自己的好話術推薦給全企業。採用後所有導購都能使用；不採用要說明原因，導購會在側邊欄裡看到。',
  by: '{name} 推薦於 {time}',
  parts: '推薦的內容',
  image: '圖片：{name}',
  card: '小程式卡片',
  accept: '採用',
  refuse: '不採用',
  became: {
    published: '「{title}」已發佈到企業話術',
    review: '「{title}」已收進企業話術，等待另一位管理員審核後發佈',
    draft: '「{title}」已收為草稿：內容還有問題，修改後才能發佈',
  },
  open: '開啟',
  refused: '已退回「{title}」，導購會看到原因',
  refuseTitle: '不採用「{title}」？',
  reason: '原因',
  reasonHint: '{name} 會看到這段話',
  none: '沒有等待處理的投稿',
  noneNext: '導購在側邊欄的個人話術裡點「推薦給企業」，就會出現在這裡。',
}
