import { describe, expect, test } from 'vitest'
import { corpId, lina, readFixture, secret, useEmulator } from '../test-support.ts'

const emulator = useEmulator()
const codeOf = async (call: Promise<{ errcode: number }>) => (await call).errcode

describe('every call', () => {
  test('answers an unknown path with 404 and nothing else, and says so aloud', async () => {
    const response = await emulator.raw('externalcontact/no_such_thing')

    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
    expect(emulator.unknown[0]).toContain('/cgi-bin/externalcontact/no_such_thing')
    expect(await emulator.control.unknownCalls()).toMatchObject([
      { method: 'GET', path: '/cgi-bin/externalcontact/no_such_thing' },
    ])
  })

  test('takes the token from the query only', async () => {
    const response = await emulator.raw('user/get?userid=LinXiaoMei', {
      headers: { authorization: `Bearer ${emulator.token}` },
    })

    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      errcode: 41001,
      department: [],
      order: [],
      is_leader_in_dept: [],
      direct_leader: [],
    })
  })

  test('looks at the token before the parameters, and keeps the empty lists beside the error', async () => {
    const response = await emulator.raw('externalcontact/get_follow_user_list?access_token=wrong')

    expect(await response.json()).toEqual(
      JSON.parse(readFixture('externalcontact_get_follow_user_list.error-40014.response.json')),
    )
  })

  test('writes hint and caller into errmsg', async () => {
    const { errmsg } = await emulator.get('user/get?userid=nobody')

    expect(errmsg).toMatch(
      /^userid not found, hint: \[\d{25}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=60111$/,
    )
  })

  test('refuses bad JSON and the wrong method', async () => {
    expect(await codeOf(emulator.post('externalcontact/remark', '{"userid":'))).toBe(40058)
    expect(await codeOf(emulator.get('externalcontact/remark'))).toBe(40058)
  })

  test('refuses callers that are not trusted, apps without the right, and guides out of range', async () => {
    await emulator.control.changeSettings({ trustedIps: ['203.0.113.7'] })
    const foreign = await emulator.get('externalcontact/get_follow_user_list')
    expect(foreign).toMatchObject({ errcode: 60020, follow_user: [] })
    expect(foreign.errmsg).toContain('from ip: 127.0.0.1')

    await emulator.control.changeSettings({ trustedIps: null, customerContactCallable: false })
    expect(await codeOf(emulator.get('externalcontact/get_follow_user_list'))).toBe(48002)
    expect(await codeOf(emulator.get('user/get?userid=LinXiaoMei'))).toBe(0)

    await emulator.control.changeSettings({
      customerContactCallable: true,
      visibleRange: { userIds: ['chenjie'], departmentIds: [] },
    })
    expect(await codeOf(emulator.get('externalcontact/list?userid=LinXiaoMei'))).toBe(60011)
    expect((await emulator.get('externalcontact/get_follow_user_list')).follow_user).toEqual(['ChenJie'])
  })

  test('sees a whole department through the visible range of the one above', async () => {
    await emulator.control.changeSettings({ visibleRange: { userIds: [], departmentIds: [2] } })

    expect((await emulator.get('externalcontact/get_follow_user_list')).follow_user).toEqual([
      'LinXiaoMei',
      'ChenJie',
      'zhao.rui',
    ])
  })
})

describe('tokens', () => {
  const ask = async (query: string) =>
    (await (await emulator.raw(`gettoken?${query}`)).json()) as {
      errcode: number
      access_token?: string
      expires_in?: number
    }

  test('stay the same until they end, then a new one comes', async () => {
    await emulator.control.advanceClock(3600)
    const again = await ask(`corpid=${corpId}&corpsecret=${secret}`)
    expect(again.access_token).toBe(emulator.token)
    expect(again.expires_in).toBeLessThanOrEqual(3600)

    await emulator.control.advanceClock(3601)
    expect(await codeOf(emulator.get('getcallbackip'))).toBe(42001)
    expect((await ask(`corpid=${corpId}&corpsecret=${secret}`)).access_token).not.toBe(emulator.token)
  })

  test('end early: 42001 when expired, 40014 when withdrawn', async () => {
    await emulator.control.expireTokens()
    expect(await codeOf(emulator.get('getcallbackip'))).toBe(42001)

    await emulator.control.revokeTokens()
    expect(await codeOf(emulator.get('getcallbackip'))).toBe(40014)
  })

  test('name the missing secret before the wrong corp, and shut out who guesses too often', async () => {
    expect((await ask('corpid=wrong')).errcode).toBe(41004)
    expect((await ask(`corpid=wrong&corpsecret=${secret}`)).errcode).toBe(40013)
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await ask(`corpid=${corpId}&corpsecret=wrong`)).errcode).toBe(40001)

    expect((await ask(`corpid=${corpId}&corpsecret=${secret}`)).errcode).toBe(45009)
    await emulator.control.advanceClock(3601)
    expect((await ask(`corpid=${corpId}&corpsecret=${secret}`)).errcode).toBe(0)
  })

  test('never show in the call log', async () => {
    await emulator.get('getcallbackip')

    expect(JSON.stringify(await emulator.control.calls())).not.toContain(emulator.token)
    expect(JSON.stringify(await emulator.control.calls())).not.toContain(secret)
  })
})

describe('limits', () => {
  test('block an API for the rest of a minute, and then let go', async () => {
    await emulator.control.changeSettings({ limits: { perMinute: 2 } })
    const codes = [
      await emulator.get('getcallbackip'),
      await emulator.get('getcallbackip'),
      await emulator.get('getcallbackip'),
    ]
    expect(codes.map((answer) => answer.errcode)).toEqual([0, 0, 45009])
    expect(await codeOf(emulator.get('department/list'))).toBe(0)

    await emulator.control.advanceClock(61)
    expect(await codeOf(emulator.get('getcallbackip'))).toBe(0)
  })

  test('refuse more calls at once than allowed', async () => {
    await emulator.control.changeSettings({ limits: { concurrent: 1 }, latencyMs: 250 })

    const codes = await Promise.all([codeOf(emulator.get('getcallbackip')), codeOf(emulator.get('getcallbackip'))])

    expect(codes.toSorted((a, b) => a - b)).toEqual([0, 45033])
  })
})

describe('customers', () => {
  const pair = { userid: 'LinXiaoMei', external_userid: lina }

  test('84061 for a guide without customers, and for a pair that is none', async () => {
    expect(await emulator.get('externalcontact/list?userid=zhao.rui')).toMatchObject({
      errcode: 84061,
      external_userid: [],
    })
    expect(
      await codeOf(
        emulator.post('externalcontact/remark', { userid: 'zhao.rui', external_userid: lina, remark: '李' }),
      ),
    ).toBe(84061)
    expect(await codeOf(emulator.get('externalcontact/get?external_userid=wmUnknown'))).toBe(40096)
  })

  test('a one-sided relation still works after the customer left, none after the guide left', async () => {
    await emulator.control.act('customerDeletesGuide', { userId: 'LinXiaoMei', externalUserId: lina })
    expect(await codeOf(emulator.post('externalcontact/remark', { ...pair, remark: '仍在' }))).toBe(0)

    await emulator.control.act('guideDeletesCustomer', { userId: 'LinXiaoMei', externalUserId: lina })
    expect(await codeOf(emulator.post('externalcontact/remark', { ...pair, remark: '没了' }))).toBe(84061)
  })

  test('a half relation shows nowhere until the guide adds the customer back', async () => {
    const { externalUserId } = await emulator.control.act('addCustomer', {
      userId: 'zhao.rui',
      customer: { name: '新客' },
      half: true,
    })
    expect(await codeOf(emulator.get(`externalcontact/get?external_userid=${externalUserId}`))).toBe(84061)
    expect(await codeOf(emulator.get('externalcontact/list?userid=zhao.rui'))).toBe(84061)

    await emulator.control.act('addCustomer', { userId: 'zhao.rui', externalUserId })
    expect((await emulator.get('externalcontact/list?userid=zhao.rui')).external_userid).toEqual([externalUserId])
  })

  test('remarks have their lengths in characters, and numbers are replaced as a whole', async () => {
    expect(await codeOf(emulator.post('externalcontact/remark', { ...pair, remark: '🌸'.repeat(20) }))).toBe(0)
    expect(await codeOf(emulator.post('externalcontact/remark', { ...pair, remark: '🌸'.repeat(21) }))).toBe(40058)
    expect(await codeOf(emulator.post('externalcontact/remark', { ...pair, description: '长'.repeat(151) }))).toBe(
      40058,
    )
    expect(await codeOf(emulator.post('externalcontact/remark', pair))).toBe(40058)

    await emulator.post('externalcontact/remark', { ...pair, remark_mobiles: [''] })
    expect(await emulator.control.relation('LinXiaoMei', lina)).toMatchObject({ mobiles: [], remark: '🌸'.repeat(20) })
  })

  test('member ids are not case-sensitive', async () => {
    expect(await codeOf(emulator.get('user/get?userid=linxiaomei'))).toBe(0)
  })
})

describe('paging', () => {
  const loadMany = async (userId: string, count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `wm-${userId}-${index}`)
    await emulator.control.load({
      customers: ids.map((externalUserId) => ({ externalUserId, name: externalUserId })),
      relations: ids.map((externalUserId) => ({ userId, externalUserId })),
    })
    return ids
  }
  const walk = async (userIds: string[], limit: number) => {
    const pages: string[][] = []
    let cursor = ''
    do {
      const answer = await emulator.post('externalcontact/batch/get_by_user', { userid_list: userIds, cursor, limit })
      const rows = answer.external_contact_list as { external_contact: { external_userid: string } }[]
      pages.push(rows.map((row) => row.external_contact.external_userid))
      cursor = answer.next_cursor as string
    } while (cursor)
    return pages
  }

  test('gives each relation of several guides once, a hundred a page at most', async () => {
    const first = await loadMany('zhao.rui', 250)

    const pages = await walk(['zhao.rui', 'LinXiaoMei'], 500)

    expect(pages.map((page) => page.length)).toEqual([100, 100, 52])
    expect(pages.flat().slice(0, 250)).toEqual(first)
    expect(new Set(pages.flat()).size).toBe(252)
  })

  test('ends with an empty cursor when the last page is full', async () => {
    await loadMany('zhao.rui', 200)

    expect((await walk(['zhao.rui'], 100)).map((page) => page.length)).toEqual([100, 100])
  })

  test('goes on where it was while customers come and go', async () => {
    const ids = await loadMany('zhao.rui', 150)
    const first = await emulator.post('externalcontact/batch/get_by_user', { userid_list: ['zhao.rui'], limit: 100 })
    await emulator.control.act('guideDeletesCustomer', { userId: 'zhao.rui', externalUserId: ids[3] ?? '' })

    const second = await emulator.post('externalcontact/batch/get_by_user', {
      userid_list: ['zhao.rui'],
      limit: 100,
      cursor: first.next_cursor,
    })

    expect(second.external_contact_list).toHaveLength(50)
  })

  test('refuses a cursor of another listing, of another run, and one made up', async () => {
    await loadMany('zhao.rui', 150)
    const { next_cursor: cursor } = await emulator.post('externalcontact/batch/get_by_user', {
      userid_list: ['zhao.rui'],
      limit: 100,
    })
    const ask = (userIds: string[], given: unknown) =>
      codeOf(emulator.post('externalcontact/batch/get_by_user', { userid_list: userIds, cursor: given }))

    expect(await ask(['LinXiaoMei'], cursor)).toBe(50100)
    expect(await ask(['zhao.rui'], 'r9FqSqsI8fgNbHLHE5QoCP50UIg2cFQbfma3l2QsmwI')).toBe(50100)
    expect(await codeOf(emulator.get(`externalcontact/get?external_userid=${lina}&cursor=x`))).toBe(50100)
    expect(await ask(['zhao.rui'], cursor)).toBe(0)
  })

  test('shows five hundred guides of one customer a page', async () => {
    const guides = Array.from({ length: 501 }, (_, index) => `guide${index}`)
    await emulator.control.load({
      members: guides.map((userId) => ({ userId, name: userId, departmentIds: [5] })),
      relations: guides.map((userId) => ({ userId, externalUserId: lina })),
    })

    const first = await emulator.get(`externalcontact/get?external_userid=${lina}`)
    const second = await emulator.get(`externalcontact/get?external_userid=${lina}&cursor=${String(first.next_cursor)}`)

    expect(first.follow_user).toHaveLength(500)
    expect(second.follow_user).toHaveLength(3)
    expect(second.external_contact).toEqual(first.external_contact)
    expect('next_cursor' in second).toBe(false)
  })

  test('names guides without a licence, and refuses when all are', async () => {
    await emulator.control.load({
      members: [{ userId: 'zhao.rui', name: '赵蕊', departmentIds: [5], licensed: false }],
    })

    expect(
      await emulator.post('externalcontact/batch/get_by_user', { userid_list: ['zhao.rui', 'ChenJie'] }),
    ).toMatchObject({
      errcode: 0,
      fail_info: { unlicensed_userid_list: ['zhao.rui'] },
    })
    expect(await codeOf(emulator.post('externalcontact/batch/get_by_user', { userid_list: ['zhao.rui'] }))).toBe(701008)
  })
})

describe('tags', () => {
  const pair = { userid: 'LinXiaoMei', external_userid: lina }
  const tagIds = async () => (await emulator.control.relation('LinXiaoMei', lina))?.tagIds

  test('go on and off one relation only', async () => {
    await emulator.post('externalcontact/mark_tag', {
      ...pair,
      add_tag: ['tag-dry', 'tag-dry'],
      remove_tag: ['tag-gold'],
    })

    expect(await tagIds()).toEqual(['tag-dry'])
    expect((await emulator.control.relation('ChenJie', lina))?.tagIds).toEqual([])
  })

  test('must exist, and something must change', async () => {
    expect(await codeOf(emulator.post('externalcontact/mark_tag', { ...pair, add_tag: ['no-such-tag'] }))).toBe(40068)
    expect(await codeOf(emulator.post('externalcontact/mark_tag', pair))).toBe(40063)
    expect(await tagIds()).toEqual(['tag-gold'])
  })

  test('of one pair are changed one after the other', async () => {
    await emulator.control.changeSettings({ latencyMsByPath: { 'externalcontact/mark_tag': 250 } })
    const mark = (body: object) => codeOf(emulator.post('externalcontact/mark_tag', body))

    const codes = await Promise.all([
      mark({ ...pair, add_tag: ['tag-dry'] }),
      mark({ ...pair, add_tag: ['tag-silver'] }),
      mark({ userid: 'ChenJie', external_userid: lina, add_tag: ['tag-dry'] }),
    ])

    expect(codes.toSorted((a, b) => a - b)).toEqual([0, 0, 45035])
  })

  test('given twice are made once, in a new group or in one of that name', async () => {
    const fresh = await emulator.post('externalcontact/add_corp_tag', {
      group_name: '机型',
      tag: [{ name: '苹果' }, { name: '苹果' }, { name: '安卓' }],
    })
    const known = await emulator.post('externalcontact/add_corp_tag', { group_name: '肤质', tag: [{ name: '油皮' }] })

    expect((fresh.tag_group as { tag: { name: string }[] }).tag.map((tag) => tag.name)).toEqual(['苹果', '安卓'])
    expect(known.tag_group).toMatchObject({ group_id: 'group-skin', tag: [{ name: '油皮' }] })
  })

  test('have names that are short and not taken', async () => {
    const add = (name: string) =>
      codeOf(emulator.post('externalcontact/add_corp_tag', { group_id: 'group-level', tag: [{ name }] }))

    expect(await add('金卡')).toBe(40071)
    expect(await add('长'.repeat(31))).toBe(40072)
    expect(await add('')).toBe(40072)
    expect(await codeOf(emulator.post('externalcontact/edit_corp_tag', { id: 'tag-gold', name: '银卡' }))).toBe(40071)
    expect(await codeOf(emulator.post('externalcontact/add_corp_tag', { group_name: '空', tag: [] }))).toBe(40063)
  })

  test('leave relations when deleted, take an emptied group with them, and are still found by id', async () => {
    await emulator.post('externalcontact/del_corp_tag', { tag_id: ['tag-gold', 'tag-silver'] })

    expect(await tagIds()).toEqual([])
    const all = await emulator.post('externalcontact/get_corp_tag_list')
    expect((all.tag_group as { group_id: string }[]).map((group) => group.group_id)).toEqual(['group-skin'])
    const asked = await emulator.post('externalcontact/get_corp_tag_list', { tag_id: ['tag-gold'] })
    expect(asked.tag_group).toMatchObject([
      { group_id: 'group-level', deleted: true, tag: [{ id: 'tag-gold', deleted: true }] },
    ])
    expect(await codeOf(emulator.post('externalcontact/mark_tag', { ...pair, add_tag: ['tag-gold'] }))).toBe(40068)
  })

  test('of the console cannot be changed by the app', async () => {
    const group = await emulator.control.act('createTagGroup', { name: '后台', tags: [{ name: '甲' }] })

    expect(await codeOf(emulator.post('externalcontact/edit_corp_tag', { id: group.tags[0]?.tagId, name: '乙' }))).toBe(
      40068,
    )
    expect(await codeOf(emulator.post('externalcontact/mark_tag', { ...pair, add_tag: [group.tags[0]?.tagId] }))).toBe(
      0,
    )
  })
})
