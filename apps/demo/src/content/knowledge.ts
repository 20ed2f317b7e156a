import type { SaveKnowledgeArticle } from '@guidebar/contracts'

type Article = [folder: string, title: string, sku: string, paragraphs: [id: string, heading: string, text: string][]]

const articles: Article[] = [
  [
    '手机',
    'iPhone 17 选购要点',
    'APL-IP17-256',
    [
      [
        'who',
        '适合谁',
        'iPhone 17 适合从 13、14 换机的客户：屏幕更顺、续航更久，日常拍照直接上一个台阶，不需要长焦的不用加钱上 Pro。',
      ],
      [
        'old',
        '和 iPhone 13 比',
        '从 iPhone 13 换过来，最明显的是三点：屏幕更亮更顺，电池能多用大半天，夜景不用再端着等。',
      ],
      [
        'trade',
        '旧机抵多少',
        '旧机按成色当场估价，屏幕和电池没问题的 iPhone 13 一般能抵一千多，数据我们在店里免费迁过去。',
      ],
    ],
  ],
  [
    '手机',
    '华为 Mate X6 使用技巧',
    'HW-MATEX6',
    [
      [
        'split',
        '分屏怎么用',
        '打开第一个应用后，从屏幕左侧或右侧边缘往里滑并停一下，在弹出的侧边栏里把第二个应用拖出来，松手就是左右各一半。',
      ],
      ['care', '折叠屏保养', '屏幕自带保护膜请不要自己撕；合上前看一眼有没有砂粒；出汗、下雨后擦干再合。'],
      [
        'screen',
        '碎屏保怎么用',
        '购机时送的一年碎屏保，外屏意外摔坏可以免费换一次，带购机小票到任意一家星河门店办理。',
      ],
    ],
  ],
  [
    '手机',
    '给父母选手机',
    'HN-PLAY60',
    [
      ['big', '字大声音响', '荣耀畅玩 60 有简易模式：图标和字都放大，音量比一般手机响一倍，来电全屏显示。'],
      ['remote', '远程帮忙', '在两台手机里都打开远程协助，爸妈点一下同意，您就能在自己手机上帮他们操作。'],
    ],
  ],
  [
    '服务',
    '新机第一周常见问题',
    '',
    [
      ['battery', '前几天耗电快', '新机前两三天会在后台整理照片和应用，耗电偏快是正常的，充满两三次以后就稳定了。'],
      [
        'data',
        '聊天记录怎么迁',
        '旧手机微信：我 → 设置 → 通用 → 聊天记录迁移，两台手机连同一个 Wi-Fi，扫码就能传过去。',
      ],
      ['return', '七天无理由', '未激活、包装完好的机器七天内可以退；激活后有质量问题，十五天内凭检测单换新。'],
    ],
  ],
  [
    '服务',
    '以旧换新流程',
    '',
    [
      ['steps', '三步换新', '一、店里或线上估价；二、验机确认价格；三、旧机款直接抵新机，差价再付。全程二十分钟左右。'],
      ['wipe', '旧机数据', '验机以后当着您的面恢复出厂并覆盖写入，给您一张清除凭证。'],
    ],
  ],
  [
    '政策',
    '会员等级与权益',
    '',
    [
      ['tiers', '等级怎么算', '一年内累计消费满 3000 元银卡、8000 元金卡、20000 元钻石；等级保留一年。'],
      ['gold', '金卡有什么', '金卡：生日月双倍积分、免费贴膜四次、维修工时八折、新品优先预约。'],
    ],
  ],
]

/** What guides of a phone shop look up: facts, in paragraphs that can be sent as they are. */
export const demoKnowledge: SaveKnowledgeArticle[] = articles.map(([folder, title, sku, paragraphs]) => ({
  folder,
  title,
  sku,
  paragraphs: paragraphs.map(([id, heading, text]) => ({
    id,
    heading,
    text,
  })),
}))
