import { firstGuide, secondGuide } from './stores.ts'

/** A customer whose situation the product is about: who it is, what the guide noted, what was bought. */
export interface Story {
  key: string
  /** What the customer wrote last. */
  says: string
  name: string
  gender: 1 | 2
  remark: string
  /** What the guide noted in WeCom. */
  mobile?: string
  description: string
  tags: string[]
  addWay: number
  state: string
  /** Days before today. */
  addedDaysAgo: number
  guides: string[]
  orders: { daysAgo: number; sku: string; name: string; priceFen: number }[]
}

/** The first conversations of the demo, in this order. */
export const stories: Story[] = [
  {
    key: 'apple',
    says: '小美，新款白色的到了吗？我这台 iPhone 13 能抵多少？',
    name: '陈思雨',
    gender: 2,
    remark: '陈小姐 iPhone 13',
    mobile: '13800138025',
    description: '用了三年的 iPhone 13，一直问新款什么时候有货，喜欢白色。',
    tags: ['苹果用户', '等新品', '爱拍照', '金卡会员', '以旧换新'],
    addWay: 1,
    state: 'store_tianhe_01',
    addedDaysAgo: 820,
    guides: [firstGuide, secondGuide],
    orders: [
      { daysAgo: 815, sku: 'APL-IP13-128', name: 'iPhone 13 128G 星光色', priceFen: 519_900 },
      { daysAgo: 402, sku: 'ACC-MAGSAFE', name: 'MagSafe 充电器', priceFen: 32_900 },
    ],
  },
  {
    key: 'week',
    says: '昨天试了分屏，怎么让两个应用左右各一半来着？',
    name: '王建国',
    gender: 1,
    remark: '王先生 新机第三天',
    description: '给自己换的第一台折叠屏，数据迁移在店里做的，说晚上再研究分屏。',
    tags: ['华为用户', '折叠屏', '一周内新机', '数据迁移', '银卡会员'],
    addWay: 1,
    state: 'store_tianhe_01',
    addedDaysAgo: 3,
    guides: [firstGuide],
    orders: [{ daysAgo: 3, sku: 'HW-MATEX6', name: '华为 Mate X6 12G+512G', priceFen: 1_299_900 }],
  },
  {
    key: 'known',
    says: '最近都在带娃没去店里，宝宝老抢手机，有没有防摔一点的壳？',
    name: '李小芳',
    gender: 2,
    remark: '芳姐 不来店里',
    description: '以前每月都来，最近出差多、家里添了宝宝，只方便晚上九点后微信联系。',
    tags: ['小米用户', '有宝宝', '出差多', '普通会员', '配件'],
    addWay: 3,
    state: '',
    addedDaysAgo: 410,
    guides: [firstGuide],
    orders: [{ daysAgo: 230, sku: 'MI-14U', name: '小米 14 Ultra 16G+512G', priceFen: 649_900 }],
  },
  {
    key: 'parents',
    says: '我爸下个月生日，想给他和我妈各换一台，字大声音响的。',
    name: '吴倩',
    gender: 2,
    remark: '吴女士 给爸妈换机',
    description: '想给父母各换一台，字要大、音量要响，下个月爸爸生日前要到。',
    tags: ['送父母', '对比中', '2000-4000元', '荣耀用户'],
    addWay: 201,
    state: '',
    addedDaysAgo: 12,
    guides: [firstGuide],
    orders: [],
  },
  {
    key: 'company',
    says: '小林，上次说的十二台，月底前能到齐吗？',
    name: '郑总 | 启明装饰',
    gender: 1,
    remark: '郑总 企业采购',
    description: '工地用，先要 12 台耐摔的，发票抬头在邮件里。',
    tags: ['企业采购', '性价比手机', '老客介绍'],
    addWay: 2,
    state: '',
    addedDaysAgo: 35,
    guides: [firstGuide, 'ZhouMin'],
    orders: [{ daysAgo: 30, sku: 'MI-NOTE14', name: '红米 Note 14 8G+256G', priceFen: 119_900 }],
  },
  {
    key: 'newcomer',
    says: '你好，学生买平板有优惠吗？',
    name: '小周同学',
    gender: 1,
    remark: '',
    description: '',
    tags: ['新客', '学生优惠'],
    addWay: 1,
    state: 'campus_autumn',
    addedDaysAgo: 0,
    guides: [firstGuide],
    orders: [],
  },
]
