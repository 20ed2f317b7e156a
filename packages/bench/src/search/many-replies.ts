const subjects = [
  '苹果',
  '华为',
  '小米',
  '荣耀',
  '折叠屏',
  '平板',
  '手表',
  '耳机',
  '碎屏保',
  '会员积分',
  '以旧换新',
  '数据迁移',
  '电池',
  '贴膜',
  '快充头',
  '学生优惠',
  '企业采购',
  '老人机',
  '运营商合约',
  '新品首发',
]
const matters = [
  '价格说明',
  '到店自提',
  '怎么选',
  '售后政策',
  '保价承诺',
  '现货查询',
  '预约试机',
  '分期方案',
  '优惠叠加',
  '使用技巧',
  '发票开具',
  '换货流程',
  '周末活动',
  '节日问候',
  '回访关怀',
  '加急配送',
  '真机实拍',
  '参数对比',
  '重要提醒',
  '常见问题',
]
const turns = ['一句话版', '详细版', '图文版', '晚间版', '新客版']

/** Titles of 2,000 different replies, as a large chain would have them. */
export function manyTitles(count: number): string[] {
  const all = subjects.flatMap((subject) =>
    matters.flatMap((matter) => turns.map((turn) => `${subject}${matter}${turn}`)),
  )
  if (count > all.length) throw new Error(`Only ${all.length} titles can be made`)
  return all.slice(0, count)
}

const models = ['标准版', 'Pro', 'Max', 'Ultra', '青春版', '典藏版', '轻享版', '影像版', '续航版', '商务版']
const colours = ['曜石黑', '冰川白', '星空蓝', '樱花粉', '松柏绿']
const sizes = ['128G', '256G', '512G', '1T', '套装']

/** Titles of different cards, as a catalogue of everything a chain sells would have them. */
export function manyCardTitles(count: number): string[] {
  const all = subjects.flatMap((subject) =>
    models.flatMap((model) => colours.flatMap((colour) => sizes.map((size) => `${subject}${model} ${size} ${colour}`))),
  )
  if (count > all.length) throw new Error(`Only ${all.length} card titles can be made`)
  return all.slice(0, count)
}

const sentences = [
  '先看客户平时怎么用，再说参数，三句话以内讲完最打动人的一点。',
  '屏幕在阳光下也看得清，晚上自动变暖，长辈看久了眼睛不累。',
  '充满一次能用一天半，出差忘带充电器也不慌，店里可以现场试。',
  '旧机当场估价，数据我们免费迁过去，照片和聊天记录一条不少。',
]

/** Articles of the knowledge base with 25 paragraphs each, 1,000 paragraphs in all. */
export function manyArticles(articles: number, paragraphs: number) {
  return Array.from({ length: articles }, (_, article) => ({
    folder: subjects[article % subjects.length] ?? '',
    title: `${subjects[article % subjects.length]}资料 ${Math.floor(article / subjects.length) + 1}`,
    paragraphs: Array.from({ length: paragraphs }, (_each, at) => ({
      id: `p${at}`,
      heading: `${matters[at % matters.length]}${turns[Math.floor(at / matters.length)]}`,
      text: sentences.map((_sentence, next) => sentences[(article + at + next) % sentences.length]).join(''),
    })),
  }))
}
