import { createHash } from 'node:crypto'

import type { OrderIntake } from '@guidebar/contracts'
import type { ChatSeed, CustomerSeed, LoadInput, RelationSeed } from '@guidebar/wecom-emulator/control'
import { Faker, zh_CN } from '@faker-js/faker'

import { buildDepartments, buildMembers, firstGuide, guidesOf, secondGuide } from './stores.ts'
import { stories } from './stories.ts'
import { buildTagGroups, tagIdByName, tagNamesOf } from './tags.ts'

const dayMs = 86_400_000
const channels = ['', '', '', 'store_tianhe_01', 'store_yuexiu_01', 'campus_autumn', 'double_eleven']
const addWays = [1, 1, 1, 1, 2, 3, 4, 6, 201, 202]

export interface DemoCorp {
  wecom: LoadInput
  /** What the shop's till already knows: paid orders of the past, without a token. */
  orders: OrderIntake[]
  firstCustomer: string
  /** What the customers of the stories wrote just now. */
  firstLines: { externalUserId: string; text: string }[]
}

/**
 * The pretend corp: the same seed, size and day give the same people, tags and orders.
 * @param now the day on which the stories happen
 */
export function buildCorp({ customers: count, seed, now }: { customers: number; seed: number; now: Date }): DemoCorp {
  const faker = new Faker({ locale: [zh_CN] })
  faker.seed(seed)

  // A guide serves 200 to 300 customers in life; a small demo spreads them wider so that every store has some.
  const members = buildMembers(Math.max(7, Math.ceil(count / 240)), () => faker.person.fullName())
  const guides = guidesOf(members).map((member) => member.userId)
  const customers: CustomerSeed[] = []
  const relations: RelationSeed[] = []
  const orders: OrderIntake[] = []
  const at = (daysAgo: number) => new Date(now.getTime() - daysAgo * dayMs).toISOString()

  for (const [index, story] of stories.entries()) {
    const externalUserId = customerId(seed, index)
    customers.push({ externalUserId, name: story.name, gender: story.gender, unionId: unionId(seed, index) })
    for (const [place, userId] of story.guides.entries())
      relations.push({
        userId,
        externalUserId,
        // A remark belongs to one guide: the colleague has made none.
        remark: place === 0 ? story.remark : '',
        description: place === 0 ? story.description : '',
        mobiles: place === 0 && story.mobile ? [story.mobile] : [],
        tagIds: place === 0 ? story.tags.map(tagIdByName) : [],
        addWay: story.addWay,
        state: story.state,
        addedAt: at(story.addedDaysAgo - (place === 0 ? 0 : -40 * place)),
      })
    for (const [number, order] of story.orders.entries())
      orders.push(pastOrder(`D${seed}-${story.key}-${number + 1}`, externalUserId, order, at(order.daysAgo)))
  }

  for (let index = stories.length; index < count; index++) {
    const externalUserId = customerId(seed, index)
    const fromWecom = faker.number.int(99) < 4
    customers.push({
      externalUserId,
      name: nickname(faker),
      gender: faker.helpers.arrayElement([0, 1, 2, 2]),
      type: fromWecom ? 2 : 1,
      ...(fromWecom
        ? { corpName: `${faker.location.city()}${faker.person.lastName()}记商贸`, position: '采购' }
        : { unionId: unionId(seed, index) }),
    })
    const share = faker.number.int(99) < 7 ? 2 : 1
    const served = faker.helpers.arrayElements(guides, share)
    const tags = randomTags(faker)
    for (const [place, userId] of served.entries())
      relations.push({
        userId,
        externalUserId,
        remark: place === 0 && faker.number.int(99) < 60 ? remark(faker) : '',
        tagIds: place === 0 ? tags : [],
        addWay: faker.helpers.arrayElement(addWays),
        state: faker.helpers.arrayElement(channels),
        addedAt: at(faker.number.int({ min: 1, max: 900 })),
        status: faker.number.int(99) < 2 ? 'customerDeleted' : 'both',
      })
  }

  return {
    wecom: {
      departments: buildDepartments(),
      members,
      tagGroups: buildTagGroups(),
      customers,
      relations,
      chats: [groupChat(seed, at(60))],
    },
    orders,
    firstCustomer: customerId(seed, 0),
    firstLines: stories.map(({ says }, index) => ({ externalUserId: customerId(seed, index), text: says })),
  }
}

/** The groups' and customers' ids of one corp share their last part, as WeCom's do. */
export function customerId(seed: number, index: number): string {
  return `wmGB${hashText(`customer-${seed}-${index}`, 28)}`
}

function groupChat(seed: number, createdAt: string): ChatSeed {
  return {
    chatId: `wrGB${hashText(`chat-${seed}`, 28)}`,
    name: '天河店 · 新机尝鲜群',
    ownerUserId: firstGuide,
    notice: '新品到店、以旧换新活动第一时间在群里通知，群内不刷屏。',
    createdAt,
    members: [secondGuide, ...[0, 1, 2, 4].map((index) => customerId(seed, index))],
  }
}

function pastOrder(
  orderNo: string,
  externalUserId: string,
  { sku, name, priceFen }: { sku: string; name: string; priceFen: number },
  paidAt: string,
): OrderIntake {
  return { orderNo, externalUserId, amountFen: priceFen, paidAt, items: [{ sku, name, quantity: 1, priceFen }] }
}

/** WeChat nicknames are rarely a full name. */
function nickname(faker: Faker): string {
  const surname = faker.person.lastName()
  const given = faker.person.firstName()
  return faker.helpers.arrayElement([
    `${surname}${given}`,
    `${surname}${given}`,
    given,
    `${surname}女士`,
    `${surname}先生`,
    `小${given.slice(0, 1)}`,
    `阿${given.slice(-1)}`,
  ])
}

function remark(faker: Faker): string {
  const who = `${faker.person.lastName()}${faker.helpers.arrayElement(['小姐', '先生', '姐', '哥', '老师'])}`
  const what = faker.helpers.arrayElement([
    '问过折叠屏',
    '等降价',
    '介绍来的',
    '换过电池',
    '常买配件',
    '要发票',
    '下班后联系',
    '',
  ])
  return `${who} ${what}`.trim()
}

function randomTags(faker: Faker): string[] {
  const picks = [
    faker.helpers.arrayElement(tagNamesOf('客户等级')),
    faker.helpers.arrayElement(tagNamesOf('在用品牌')),
    ...faker.helpers.arrayElements(tagNamesOf('关注品类'), { min: 0, max: 2 }),
    ...faker.helpers.arrayElements(tagNamesOf('购买阶段'), { min: 0, max: 1 }),
    ...faker.helpers.arrayElements(tagNamesOf('服务需求'), { min: 0, max: 1 }),
    ...faker.helpers.arrayElements(tagNamesOf('生活'), { min: 0, max: 1 }),
  ]
  return picks.map(tagIdByName)
}

function unionId(seed: number, index: number): string {
  return `oGB${hashText(`union-${seed}-${index}`, 25)}`
}

function hashText(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').replace(/[-_]/g, 'x').slice(0, length)
}
