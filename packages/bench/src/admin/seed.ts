import type { connectMongo } from '@guidebar/mongo'

type Db = Awaited<ReturnType<typeof connectMongo>>

const surnames = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余')
const firsts = Array.from('子梓雨欣佳思嘉美晓文静雅志家俊明建国丽春红伟强')
const seconds = Array.from('涵萱怡琪婷雯敏轩宇杰豪明华芳军平')
const notes = ['姐', '哥', '老客', 'VIP', '换新', '周末来', '企业采购', '学生']
const tiers = ['普通会员', '银卡', '金卡', '黑卡']
const batchSize = 2_000
const guidesAStore = 5

/** Random numbers that are the same in every run. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (most: number) => Math.floor(next() * most),
    chance: (share: number) => next() < share,
    pick: <T>(values: readonly T[]) => values[Math.floor(next() * values.length)] as T,
  }
}

export const tagIdOf = (at: number) => `etBench${String(at).padStart(3, '0')}AAAAAAAAAAAAAAAAAAAAAA`
export const guideIdOf = (at: number) => `guide${String(at).padStart(5, '0')}`
export const customerIdOf = (at: number) => `wmBench${String((at * 7_919) % 1_000_003).padStart(7, '0')}AAAAAAAAAAAAAA`

/** A corp as a year of business leaves it: customers, who serves them, what they bought, what they were sent. */
export async function seedCorp(
  db: Db,
  { corpId, customers, now }: { corpId: string; customers: number; now: Date },
): Promise<{ guides: number }> {
  const random = createRandom(20_261_121)
  const guides = Math.max(10, Math.round(customers / 250))
  const ago = (days: number) => new Date(now.getTime() - random.below(days * 24) * 3_600_000)
  await seedStaff(db, corpId, guides, now)

  const insert = (name: string, rows: object[]) =>
    rows.length === 0 ? null : db.collection(name).insertMany(rows as never, { ordered: false, writeConcern: { w: 1 } })
  for (let from = 0; from < customers; from += batchSize) {
    const [people, relations, profiles, orders, sends]: object[][] = [[], [], [], [], []]
    for (let at = from; at < Math.min(customers, from + batchSize); at++) {
      const externalUserId = customerIdOf(at)
      const name = random.pick(surnames) + random.pick(firsts) + (random.chance(0.7) ? random.pick(seconds) : '')
      const key = { corpId, externalUserId }
      const common = { contentHash: 'bench', readBeganAt: now }
      const person = { name, avatarUrl: null, gender: 0, type: 1, corpName: null, unionId: null }
      people!.push({ _id: `${corpId}/${externalUserId}`, ...key, ...person, ...common })
      const first = random.below(guides)
      for (const guide of random.chance(0.15) ? [first, (first + 1 + random.below(guides - 1)) % guides] : [first]) {
        const userId = guideIdOf(guide)
        relations!.push({
          _id: `${corpId}/${userId}/${externalUserId}`,
          ...key,
          userId,
          remark: random.chance(0.4) ? `${name}${random.pick(notes)}` : '',
          description: '',
          tagIds: Array.from({ length: random.below(5) }, () => tagIdOf(random.below(60))).toSorted(),
          addedAt: ago(700),
          addWay: random.pick([1, 1, 1, 2, 3, 201]),
          operUserId: userId,
          state: random.chance(0.6) ? `store_${guide % 80}` : '',
          status: random.chance(0.05) ? 'deleted_by_customer' : 'active',
          customerMovedAt: null,
          customerGone: false,
          mark: 'bench',
          revision: 1,
          syncedAt: now,
          readBeganAt: now,
        })
      }
      if (random.chance(0.7))
        profiles!.push({
          _id: `${corpId}/${externalUserId}`,
          ...key,
          memberNo: `M${at}`,
          doNotDisturb: random.chance(0.03),
          openTracking: true,
          tier: random.pick(tiers),
          birthday: random.chance(0.5) ? { month: 1 + random.below(12), day: 1 + random.below(28) } : null,
          preferences: [],
          coupons: [],
          phoneTail: String(random.below(10_000)).padStart(4, '0'),
          asOf: now,
        })
      for (let order = random.chance(0.5) ? random.below(4) : 0; order > 0; order--)
        orders!.push({
          ...key,
          orderNo: `B${at}-${order}`,
          amountFen: 1_000 + random.below(500_000),
          paidAt: ago(400),
          items: [{ sku: 'A', name: '折叠屏手机', quantity: 1, priceFen: 1_000 }],
          phoneTail: '',
          token: null,
          credit: null,
          createdAt: now,
        })
      if (random.chance(0.5)) sends!.push(toSend(at, corpId, guideIdOf(first), externalUserId, ago(90)))
    }
    await Promise.all([
      insert('customers', people!),
      insert('relations', relations!),
      insert('customerProfiles', profiles!),
      insert('orders', orders!),
      insert('sends', sends!),
    ])
  }
  return { guides }
}

function toSend(at: number, corpId: string, userId: string, externalUserId: string, createdAt: Date) {
  return {
    corpId,
    userId,
    storeId: '',
    externalUserId,
    chatId: null,
    key: `bench-key-${at}`,
    contentHash: 'bench',
    kind: 'text',
    title: '到店有礼',
    coverUrl: null,
    message: { kind: 'text', text: '您好' },
    cardId: null,
    sku: '',
    replyId: null,
    part: null,
    warnings: [],
    tellWhenOpened: false,
    status: 'client_ok',
    reason: '',
    createdAt,
    outcomeAt: createdAt,
    openedTimes: 0,
    openingKeys: [],
  }
}

async function seedStaff(db: Db, corpId: string, guides: number, now: Date): Promise<void> {
  const stores = Math.ceil(guides / guidesAStore)
  const storeOf = (at: number) => 10 + (at % stores)
  const ours = { sessionEpoch: 0, customersReadAt: now, idsReadAt: now, rangeLeftAt: null, readBeganAt: now }
  const members = Array.from({ length: guides }, (_, at) => ({
    _id: `${corpId}/${guideIdOf(at)}`,
    corpId,
    userId: guideIdOf(at),
    name: `导购${at}`,
    departmentIds: [storeOf(at)],
    storeId: String(storeOf(at)),
    storeName: `门店${storeOf(at)}`,
    position: '导购',
    status: 'active',
    canServe: true,
    ...ours,
  }))
  const departments = Array.from({ length: stores }, (_, at) => ({
    _id: `${corpId}/${10 + at}`,
    corpId,
    departmentId: 10 + at,
    name: `门店${10 + at}`,
    parentId: 1,
    order: 1,
  }))
  const groups = Array.from({ length: 6 }, (_, group) => ({
    groupId: `etBenchGroup${group}`,
    name: `标签组${group}`,
    tags: Array.from({ length: 10 }, (__, at) => ({
      tagId: tagIdOf(group * 10 + at),
      name: `标签${group}-${at}`,
      keys: '',
    })),
  }))
  await db.collection('guides').insertMany(members as never)
  await db.collection('departments').insertMany(departments as never)
  await db
    .collection('taglibraries')
    .insertOne({ _id: corpId as never, corpId, version: 'bench', groups, readBeganAt: now })
}
