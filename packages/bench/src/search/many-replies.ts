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
