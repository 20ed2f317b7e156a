import { guideIdOf, tagIdOf } from './seed.ts'

type Rule = Record<string, unknown>
type Group = { join: 'all' | 'any'; exclude: boolean; rules: Rule[]; groups: Group[] }

const all = (rules: Rule[], groups: Group[] = []): Group => ({ join: 'all', exclude: false, rules, groups })
const any = (rules: Rule[], groups: Group[] = []): Group => ({ join: 'any', exclude: false, rules, groups })
const without = (rules: Rule[]): Group => ({ join: 'any', exclude: true, rules, groups: [] })
const tag = (is: string, ...ats: number[]): Rule => ({ field: 'tag', is, tagIds: ats.map(tagIdOf) })

/** What admins ask while they edit: from one tag to three levels, half of it without any index that would help. */
export const definitions: Group[] = [
  all([tag('any', 3)]),
  all([tag('any', 3, 4, 5), { field: 'addedAt', when: 'lastDays', days: 90 }]),
  all([{ field: 'store', is: 'any', storeIds: ['12', '15'] }]),
  all([{ field: 'guide', is: 'any', userIds: [guideIdOf(3), guideIdOf(40)] }]),
  all([{ field: 'addedAt', when: 'lastDays', days: 30 }]),
  all([
    { field: 'orders', compare: 'atLeast', count: 2 },
    { field: 'lastSent', when: 'notLastDays', days: 30 },
  ]),
  any([tag('any', 7), { field: 'spent', compare: 'atLeast', amountFen: 500_000 }]),
  all(
    [{ field: 'lastOrder', when: 'notLastDays', days: 180 }],
    [without([tag('any', 9), { field: 'doNotDisturb', is: true }])],
  ),
  all([
    { field: 'birthday', months: [11, 12] },
    { field: 'tier', is: 'any', tiers: ['金卡', '黑卡'] },
  ]),
  all([tag('none', 1, 2)]),
  any(
    [],
    [
      all([tag('all', 10, 11)]),
      all(
        [{ field: 'channel', is: 'any', states: ['store_3', 'store_4'] }],
        [without([{ field: 'orders', compare: 'atMost', count: 0 }])],
      ),
    ],
  ),
  all([
    { field: 'status', is: 'deleted_by_customer' },
    { field: 'lastOpened', when: 'never' },
  ]),
]

/** Characters, pinyin, initials, remarks, ends of phone numbers; common ones and ones that nobody has. */
export const typed = [
  '王',
  '李子',
  '张欣怡',
  'wang',
  'lizi',
  'zhangxinyi',
  'wzh',
  'lxm',
  'chen',
  'z',
  'VIP',
  '老客',
  'laoke',
  '学生',
  '8000',
  '1234',
  '不存在的',
  'qqqq',
  '萧梓',
  'xiaoz',
  '王zh',
  'huang',
  '曾',
  'ceng',
  '姐',
]
