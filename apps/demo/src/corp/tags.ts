import type { TagGroupSeed } from '@guidebar/wecom-emulator/control'

/** Tag groups a phone shop would keep; ids are fixed so that the stories can name them. */
const groups: Record<string, string[]> = {
  客户等级: ['新客', '普通会员', '银卡会员', '金卡会员', '钻石会员'],
  在用品牌: ['苹果用户', '华为用户', '小米用户', 'OPPO用户', 'vivo用户', '荣耀用户'],
  关注品类: ['旗舰手机', '性价比手机', '折叠屏', '平板', '手表手环', '耳机音箱', '配件'],
  购买阶段: ['首次咨询', '对比中', '等新品', '刚购机', '一周内新机', '换机窗口期'],
  预算: ['2000元以下', '2000-4000元', '4000-7000元', '7000元以上'],
  服务需求: ['以旧换新', '数据迁移', '碎屏保', '企业采购', '送父母', '学生优惠'],
  生活: ['有车', '有宝宝', '爱拍照', '爱游戏', '出差多'],
  来源: ['门店扫码', '老客介绍', '活动到店', '线上咨询'],
}

/** A tag's id: `et`, group and place in it, padded to the platform's 32 characters. */
export function tagId(groupName: string, name: string): string {
  const group = Object.keys(groups).indexOf(groupName)
  const tag = groups[groupName]?.indexOf(name) ?? -1
  if (group < 0 || tag < 0) throw new Error(`The demo has no tag ${groupName}/${name}`)
  return demoTagId(group, tag)
}

/** The tag's id by its name alone; names are unique in the demo. */
export function tagIdByName(name: string): string {
  for (const [group, names] of Object.entries(groups)) if (names.includes(name)) return tagId(group, name)
  throw new Error(`The demo has no tag ${name}`)
}

export function tagNamesOf(groupName: string): string[] {
  return groups[groupName] ?? []
}

export function buildTagGroups(): TagGroupSeed[] {
  const count = Object.keys(groups).length
  return Object.entries(groups).map(([name, names], group) => ({
    groupId: `etDG${String(group).padStart(28, '0')}`,
    name,
    // WeCom shows the larger order first.
    order: count - group,
    tags: names.map((tag, index) => ({ tagId: demoTagId(group, index), name: tag, order: names.length - index })),
  }))
}

function demoTagId(group: number, tag: number): string {
  return `etDT${String(group).padStart(14, '0')}${String(tag).padStart(14, '0')}`
}
