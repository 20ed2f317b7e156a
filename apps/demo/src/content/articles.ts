/** Pages guides send; the cover is the picture of the card with that slug. */
export const demoArticles = [
  {
    title: '新机第一周：十个最常见的问题',
    description: '耗电、迁移、贴膜、七天无理由，三分钟看完。',
    url: 'https://m.example.com/xinghe/first-week',
    cover: 'huawei-mate-x6',
  },
  {
    title: 'iPhone 17 值不值得换？和 13 并排比给你看',
    description: '屏幕、续航、拍照逐项对比，附旧机抵价表。',
    url: 'https://m.example.com/xinghe/iphone-17-vs-13',
    cover: 'iphone-17',
  },
  {
    title: '给爸妈买手机，看这四点就够了',
    description: '字大、声音响、能远程帮忙、摔了有人修。',
    url: 'https://m.example.com/xinghe/for-parents',
    cover: 'iphone-17-pro',
  },
]
