import { expect, test } from 'vitest'

import { createIndex, search, searchNearly } from './search.ts'

const replies = [
  {
    title: '会员积分怎么用',
    keys: 'hui,kuai yuan ji fen zen me,mo yong',
    shortcut: 'jf',
    body: '您好，积分可以在小程序里兑换礼品',
  },
  { title: '重庆门店地址', keys: 'zhong,chong qing men dian di,de zhi', body: '解放碑步行街 88 号' },
  { title: '5G 套餐说明', keys: '5 g _ tao can shuo,shui,yue ming', shortcut: 'th', body: '每月 59 元起' },
  { title: '退换货政策', keys: 'tui huan huo zheng ce', body: '七天无理由退货' },
  { title: '会员日活动', keys: 'hui,kuai yuan ri huo,guo dong', body: '每月 8 号会员日' },
]
const index = createIndex(replies)
const titles = (query: string) => search(index, query, 10).map((found) => found.item.title)

test('a title is found by characters, whole pinyin, initials and any mixture', () => {
  for (const query of ['会员积分', 'huiyuanjifen', 'hyjf', '会员jf', 'huiyjf', '积fen', 'hyjif', "hui'yuan'ji"])
    expect([query, titles(query)[0]]).toEqual([query, '会员积分怎么用'])
})

test('every reading of a character finds it', () => {
  expect(titles('chongqing')).toEqual(['重庆门店地址'])
  expect(titles('zhongqing')).toEqual(['重庆门店地址'])
  expect(titles('cq')).toEqual(['重庆门店地址'])
  expect(titles('zhqing')).toEqual(['重庆门店地址'])
})

test('the last syllable may be unfinished, one in the middle may not', () => {
  expect(titles('zhongqingmendi')).toEqual(['重庆门店地址'])
  expect(titles('zhonqingmen')).toEqual([])
})

test('blanks of the title need not be typed, and full-width letters count as plain ones', () => {
  expect(titles('5gtc')).toEqual(['5G 套餐说明'])
  expect(titles('５Ｇ套餐')).toEqual(['5G 套餐说明'])
})

test('a shortcut comes first, words in the body last', () => {
  expect(titles('th')[0]).toBe('5G 套餐说明')
  expect(titles('退货')).toEqual(['退换货政策'])
  expect(titles('积分')).toEqual(['会员积分怎么用'])
  expect(titles('解放碑')).toEqual(['重庆门店地址'])
})

test('several words must all fit, in any order', () => {
  expect(titles('hd 会员')).toEqual(['会员日活动'])
  expect(titles('会员 重庆')).toEqual([])
})

test('the matched characters are marked in the title', () => {
  const [plain] = search(index, 'jif', 1)
  const [spaced] = search(index, '5gtao', 1)
  const emoji = search(createIndex([{ title: '🎉会员', keys: '🎉 hui yuan' }]), 'hy', 1)[0]

  expect(plain?.ranges).toEqual([[2, 4]])
  expect(spaced?.ranges).toEqual([[0, 4]])
  expect(emoji?.ranges).toEqual([[2, 4]])
})

test('equals keep the order they came in, and the limit holds', () => {
  const same = createIndex(['甲', '乙', '丙'].map((name) => ({ title: `会员${name}`, keys: 'hui yuan jia', name })))

  expect(search(same, 'hy', 2).map((found) => found.item.name)).toEqual(['甲', '乙'])
})

test('keys that do not belong to the title still leave the written words', () => {
  const odd = createIndex([{ title: '会员日', keys: 'hui yuan' }])

  expect(search(odd, '会员', 5)).toHaveLength(1)
  expect(search(odd, 'hy', 5)).toEqual([])
})

test('nothing is found for an empty query', () => {
  expect(titles('')).toEqual([])
  expect(titles('   ')).toEqual([])
})

test('one slip of the fingers still finds it: swapped, missing, too many, mistaken', () => {
  const nearly = (query: string) => searchNearly(index, query, { limit: 5 }).found.map(({ item }) => item.title)

  for (const query of ['huiyaunjifen', 'huyuanjifen', 'huiyuannjifen', 'huiyuamjifen', 'huiyuanjife', '会圆积分'])
    expect([query, nearly(query)[0]]).toEqual([query, '会员积分怎么用'])
  expect(searchNearly(index, 'tuihuanhup', { limit: 1 }).found[0]?.ranges).toEqual([[0, 3]])
  expect(['huiyunajifne', 'xyzzy', 'hyjg', '圆积'].flatMap(nearly)).toEqual([])
})
