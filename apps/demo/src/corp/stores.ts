import type { DepartmentSeed, MemberSeed } from '@guidebar/wecom-emulator/control'

/** The pretend corp: a chain of phone shops. Head office is department 1, regions hang below it, stores below those. */
export const corpName = '星河通讯'
const headOffice = 1

const regions = [
  { id: 10, name: '华南大区' },
  { id: 20, name: '华东大区' },
] as const

const stores = [
  { id: 101, name: '广州天河店', regionId: 10 },
  { id: 102, name: '广州越秀店', regionId: 10 },
  { id: 103, name: '深圳南山店', regionId: 10 },
  { id: 201, name: '上海徐汇店', regionId: 20 },
  { id: 202, name: '杭州西湖店', regionId: 20 },
] as const

/** The people a visitor meets by name; further guides are added when the corp is made larger. */
const namedMembers: MemberSeed[] = [
  { userId: 'LinXiaoMei', name: '林小美', departmentIds: [101], position: '导购' },
  { userId: 'ChenJie', name: '陈杰', departmentIds: [101], position: '导购' },
  { userId: 'zhao.rui', name: '赵蕊', departmentIds: [102], position: '资深导购' },
  { userId: 'HeYong', name: '何勇', departmentIds: [103], position: '导购' },
  { userId: 'XuTing', name: '徐婷', departmentIds: [201], position: '导购' },
  { userId: 'MaKe', name: '马珂', departmentIds: [202], position: '导购' },
  { userId: 'ZhouMin', name: '周敏', departmentIds: [101], position: '店长', leaderInDepartments: [true] },
  { userId: 'GaoYuan', name: '高远', departmentIds: [headOffice], position: '会员运营', customerContact: false },
]

/** Who may open the demo's admin panel. */
export const adminUserIds = ['GaoYuan', 'ZhouMin']
/** The guide whose chats the simulator shows first. */
export const firstGuide = 'LinXiaoMei'
/** The colleague who shares some of her customers. */
export const secondGuide = 'ChenJie'

export function buildDepartments(): DepartmentSeed[] {
  return [
    { id: headOffice, name: corpName, order: 100 },
    ...regions.map(({ id, name }) => ({ id, name, parentId: headOffice })),
    ...stores.map(({ id, name, regionId }) => ({ id, name, parentId: regionId })),
  ]
}

/**
 * Members of the corp.
 * @param guides how many of them serve customers; at least the named ones
 * @param nameOf gives the name of the n-th further guide
 */
export function buildMembers(guides: number, nameOf: (index: number) => string): MemberSeed[] {
  const named = namedMembers.filter((member) => member.customerContact !== false).length
  const further = Array.from({ length: Math.max(0, guides - named) }, (_, index) => ({
    userId: `guide${String(index + 1).padStart(4, '0')}`,
    name: nameOf(index),
    departmentIds: [stores[index % stores.length]?.id ?? headOffice],
    position: '导购',
  }))
  return [...namedMembers, ...further]
}

/** The guides among the members: those who may add customers. */
export function guidesOf(members: MemberSeed[]): MemberSeed[] {
  return members.filter((member) => member.customerContact !== false)
}
