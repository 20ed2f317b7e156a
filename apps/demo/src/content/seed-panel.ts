import type { ActionRule, ProfileIntake } from '@guidebar/contracts'
import type { Services } from '@guidebar/server/services'

import { adminUserIds, firstGuide } from '../corp/stores.ts'
import { stories } from '../corp/stories.ts'
import { demoArticles } from './articles.ts'
import { demoCards } from './cards.ts'
import { demoKnowledge } from './knowledge.ts'

const dayMs = 24 * 3_600_000
const storeIds = ['101', '102', '103', '201', '202']
const tiers = ['普通会员', '银卡会员', '金卡会员', '钻石会员']

export type SeedPanelInput = {
  corpId: string
  /** The customers of the stories, in their order, then others. */
  customerIds: string[]
  /** Ids of the corp's replies by title. */
  replyIds: Map<string, string>
  coverOf(slug: string): string
  now: Date
}

/**
 * What makes the stories come alive: knowledge, articles, profiles with birthdays and coupons, stock, notes with a
 * follow-up, a task, and rules with ready replies. Goes in through the services; safe to repeat.
 */
export async function seedPanel({ panel }: Pick<Services, 'panel'>, input: SeedPanelInput): Promise<void> {
  const { corpId, coverOf, now } = input
  for (const article of demoKnowledge) await panel.knowledge.save(corpId, article)
  for (const { cover, ...article } of demoArticles.toReversed())
    await panel.articles.save(corpId, { ...article, coverUrl: coverOf(cover) })
  await Promise.all([
    panel.stock.take(corpId, { asOf: new Date(now.getTime() - 10 * 60_000).toISOString(), rows: toStock() }),
    ...toProfiles(input).map(([externalUserId, profile]) => panel.profiles.take(corpId, externalUserId, profile)),
    panel.profiles.takeMember(corpId, 'XH80008000', {
      maskedName: '周**',
      tier: '银卡会员',
      phoneTail: '8000',
      asOf: now.toISOString(),
    }),
  ])
  await seedWork(panel, input)
  await seedRules(panel, input)
}

/** Some of everything, nothing of some: a shelf as it is. */
function toStock() {
  const skus = demoCards.filter(({ kind, sku }) => kind === 'product' && sku).map(({ sku }) => sku)
  return skus.flatMap((sku, row) =>
    storeIds.map((storeId, column) => ({ storeId, sku, quantity: (row * 7 + column * 5) % 11 })),
  )
}

function toProfiles({ customerIds, now }: SeedPanelInput): [string, ProfileIntake][] {
  const asOf = now.toISOString()
  const inDays = (days: number) => new Date(now.getTime() + days * dayMs)
  const birthday = (days: number) => {
    const day = new Date(inDays(days).getTime() + dayMs / 3)
    return { month: day.getUTCMonth() + 1, day: day.getUTCDate() }
  }
  const coupon = (code: string, name: string, days: number) => ({ code, name, expiresAt: inDays(days).toISOString() })
  const ofStories: Record<string, Omit<ProfileIntake, 'asOf'>> = {
    apple: {
      memberNo: 'XH10000001',
      tier: '金卡会员',
      phoneTail: '8025',
      birthday: birthday(40),
      preferences: ['白色', '小屏'],
      coupons: [coupon('XH-TRADE-01', '以旧换新加补 300 元', 2), coupon('XH-ACC-01', '配件满 200 减 50', 20)],
    },
    week: { memberNo: 'XH10000002', tier: '银卡会员', birthday: birthday(90), preferences: ['大屏', '办公'] },
    known: {
      memberNo: 'XH10000003',
      tier: '普通会员',
      birthday: { month: 2, day: 29 },
      preferences: ['防摔', '晚上联系'],
    },
    parents: { memberNo: 'XH10000004', tier: '银卡会员', birthday: birthday(3), preferences: ['送礼'] },
    company: { memberNo: 'XH10000005', tier: '金卡会员', preferences: ['耐摔', '要发票'], openTracking: false },
  }
  return customerIds.map((externalUserId, index) => {
    const story = stories[index]
    if (story) return [externalUserId, { ...ofStories[story.key], asOf }]
    const spread = { tier: tiers[index % tiers.length] ?? '', birthday: birthday((index * 37) % 365) }
    return [externalUserId, { ...spread, asOf }]
  })
}

async function seedWork(
  panel: Services['panel'],
  { corpId, customerIds, replyIds, now }: SeedPanelInput,
): Promise<void> {
  const guide = { corpId, userId: firstGuide }
  const idOf = (key: string) => customerIds[stories.findIndex((story) => story.key === key)] ?? ''
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()
  const note = { visibility: 'store' as const, sensitive: false }
  const promised = '月底前十二台到齐，下午确认到货时间'
  await panel.notes.write(guide, idOf('company'), {
    ...note,
    key: 'demo-note-company',
    text: promised,
    followUpAt: inHours(2),
  })
  await panel.notes.write(guide, idOf('known'), {
    ...note,
    key: 'demo-note-known',
    text: '家里添了宝宝，晚上九点后联系',
    chips: ['有宝宝'],
  })
  await panel.notes.write(guide, idOf('apple'), {
    ...note,
    key: 'demo-note-apple',
    text: '只要白色，不急，等到货',
    chips: ['等新品'],
  })
  const replyId = replyIds.get('苹果新机到货')
  if (!replyId) return
  await panel.tasks.create(
    { corpId, userId: adminUserIds[0] ?? '', reach: null },
    {
      key: 'demo-task-new-iphone',
      title: '通知等新品的老客',
      message: '白色已经到店，先通知一直在等的客户，发到货话术就算完成。',
      content: {
        type: 'reply',
        replyId,
      },
      userIds: [firstGuide],
      storeIds: [],
      tagIds: [],
      externalUserIds: ['apple', 'known', 'parents'].map(idOf),
      dueAt: inHours(72),
    },
  )
}

/** Only as long as nobody has tuned them. */
async function seedRules({ actions }: Services['panel'], { corpId, replyIds }: SeedPanelInput): Promise<void> {
  const { rules } = await actions.rules(corpId)
  if (rules.some(({ replyId, interests }) => replyId !== null || interests.length > 0)) return
  const ready: Partial<Record<ActionRule['rule'], string>> = {
    first_week: '第一天：上手三件事',
    birthday: '生日祝福',
    long_absent: '很久没来了',
    coupon_expiring: '换机窗口提醒',
  }
  const interests = [
    { tagName: '苹果用户', words: ['iPhone', 'MagSafe'] },
    { tagName: '华为用户', words: ['华为'] },
    { tagName: '小米用户', words: ['小米', '红米'] },
  ]
  const tuned = rules.map((rule) => ({
    ...rule,
    replyId: replyIds.get(ready[rule.rule] ?? '') ?? null,
    ...(rule.rule === 'new_item' && { interests }),
    ...(rule.rule === 'long_absent' && { days: 180 }),
  }))
  await actions.saveRules({ corpId, userId: adminUserIds[0] ?? '' }, { rules: tuned })
}
