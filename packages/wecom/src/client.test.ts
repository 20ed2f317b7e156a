import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallPurpose, CallReport } from './caller.ts'
import { createWecomClient, type WecomClientOptions } from './client.ts'
import { WecomError, type WecomUnavailable } from './errors.ts'
import { fixtureNames, readJson } from './test-support/fixtures.ts'
import { createManualClock } from './test-support/manual-clock.ts'
import { startWecomServer } from './test-support/wecom-server.ts'
import { createMemoryTokenStore } from './token-store.ts'

const secret = 'S3cret-that-must-not-leak'
const pair = { userId: 'LinXiaoMei', externalUserId: 'wmR7uQDgAAk3vT9xYb2LhPzE5sJcN0aw' }
const ok = { errcode: 0, errmsg: 'ok' }
const token = (value: string) => ({ errcode: 0, errmsg: 'ok', access_token: value, expires_in: 7200 })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(answers: Parameters<typeof startWecomServer>[0], options: Partial<WecomClientOptions> = {}) {
  const server = await startWecomServer({
    gettoken: [token('T0ken-1'), token('T0ken-2'), token('T0ken-3')],
    ...answers,
  })
  const reports: CallReport[] = []
  const client = createWecomClient({
    baseUrl: server.url,
    corpId: 'ww5f2a9c31d7be4608',
    agentId: 1000014,
    secret,
    tokenStore: createMemoryTokenStore(),
    hooks: { afterCall: (report) => void reports.push(report) },
    ...options,
  })
  closing.push(() => client.close(), server.close)
  return { server, client, reports }
}

describe('calls', () => {
  test('a customer is read over all pages, in our spelling', async () => {
    const { server, client } = await start({
      'externalcontact/get': [
        readJson('externalcontact_get.page-1-of-2.response.json'),
        readJson('externalcontact_get.page-2-of-2.response.json'),
      ],
    })

    const { customer, relations } = await client.externalContact.get('wmR7uQDgAAfG6yS_0pXwM3aJ9vTqE5hA')

    expect(customer).toMatchObject({ name: '赵女士', kind: 'wechat', gender: 'unknown', avatarUrl: undefined })
    expect(relations.map(({ userId }) => userId)).toEqual([
      'guide0001',
      'guide0002',
      'guide0003',
      'guide0004',
      'guide0005',
      'LinXiaoMei',
    ])
    expect(relations[0]?.addedAt).toEqual(new Date(1783000000 * 1000))
    const calls = server.callsOf('externalcontact/get')
    expect(calls.map(({ query }) => query.get('cursor'))).toEqual([null, 'r9FqSqsI8fgNbHLHE5QoCP50UIg2cFQbfma3l2QsmwI'])
    expect(calls.map(({ query }) => query.get('access_token'))).toEqual(['T0ken-1', 'T0ken-1'])
    expect(server.callsOf('gettoken')).toHaveLength(1)
  })

  test('tags of a relation keep their kind; a personal one has no id', async () => {
    const { client } = await start({
      'externalcontact/get': [readJson('externalcontact_get.wechat-user.response.json')],
    })

    const { relations } = await client.externalContact.get(pair.externalUserId)

    expect(relations[0]?.tags).toEqual([
      { kind: 'corp', tagId: 'etR7uQDgAATagGold0001cD4eF8gH2jA', name: '金卡', groupName: '会员等级' },
      { kind: 'personal', tagId: undefined, name: '爱聊天', groupName: '我的标签' },
      { kind: 'rule', tagId: 'stR7uQDgAAStratTag0001nO9pQ3rS7tA', name: '华南活动', groupName: '规则组标签' },
    ])
  })

  test('a page of relations has one row a pair, ids of tags and the next cursor', async () => {
    const { server, client } = await start({
      'externalcontact/batch/get_by_user': [
        readJson('externalcontact_batch_get_by_user.response.json'),
        readJson('externalcontact_batch_get_by_user.fail-info.response.json'),
      ],
    })

    const first = await client.externalContact.batchGetByUser({ userIds: ['LinXiaoMei', 'ChenJie'] })
    const last = await client.externalContact.batchGetByUser({ userIds: ['zhao.rui'], cursor: first.nextCursor })

    expect(first.rows.map(({ relation }) => relation.userId)).toEqual(['LinXiaoMei', 'ChenJie', 'LinXiaoMei'])
    expect(first.rows[0]?.relation.tagIds).toHaveLength(2)
    expect(first.rows[2]?.relation.channel).toEqual({ nickname: '示例视频号', source: 2 })
    expect(last).toEqual({ rows: [], nextCursor: null, unlicensedUserIds: ['zhao.rui'] })
    const [call] = server.callsOf('externalcontact/batch/get_by_user')
    expect(JSON.parse(call!.body)).toEqual(readJson('externalcontact_batch_get_by_user.request.json'))
    expect(call).toMatchObject({ method: 'POST', contentType: 'application/json' })
  })

  test('a guide without customers has an empty list', async () => {
    const { client } = await start({
      'externalcontact/list': [readJson('externalcontact_list.error-84061-no-customers.response.json')],
    })

    await expect(client.externalContact.list('SunQiang')).resolves.toEqual([])
  })

  test('writes say what WeCom expects', async () => {
    const { server, client } = await start({
      'externalcontact/remark': [ok],
      'externalcontact/mark_tag': [ok],
      'externalcontact/add_corp_tag': [readJson('externalcontact_add_corp_tag.response.json')],
      'externalcontact/edit_corp_tag': [ok],
      'externalcontact/del_corp_tag': [ok],
    })
    const bodyOf = (path: string) => JSON.parse(server.callsOf(path).at(-1)!.body)

    await client.externalContact.remark({ ...pair, remark: '李姐', remarkMobiles: [] })
    await client.externalContact.markTag({ ...pair, add: ['et1'] })
    const group = await client.externalContact.addCorpTag({
      groupName: '会员等级',
      groupOrder: 2,
      tags: [{ name: '钻石', order: 3 }],
    })
    await client.externalContact.editCorpTag({ id: 'et1', name: '金卡会员', order: 9 })
    await client.externalContact.delCorpTag({ tagIds: ['et1'] })

    expect(bodyOf('externalcontact/remark')).toEqual({
      userid: pair.userId,
      external_userid: pair.externalUserId,
      remark: '李姐',
      remark_mobiles: [''],
    })
    expect(bodyOf('externalcontact/mark_tag')).toMatchObject({ add_tag: ['et1'], remove_tag: [] })
    expect(bodyOf('externalcontact/add_corp_tag')).toEqual(readJson('externalcontact_add_corp_tag.request.json'))
    expect(group.tags).toMatchObject([{ tagId: 'etR7uQDgAATagDiamond0xW2yZ6aB0cA', name: '钻石', order: 3 }])
    expect(bodyOf('externalcontact/edit_corp_tag')).toEqual({ id: 'et1', name: '金卡会员', order: 9 })
    expect(bodyOf('externalcontact/del_corp_tag')).toEqual({ tag_id: ['et1'] })
  })

  test('the directory, the app and sign-in come in our spelling', async () => {
    const { client } = await start({
      'user/get': [readJson('user_get.response.json')],
      'user/list': [readJson('user_list.response.json')],
      'user/simplelist': [readJson('user_simplelist.response.json')],
      'department/list': [readJson('department_list.response.json')],
      'department/simplelist': [readJson('department_simplelist.response.json')],
      'agent/get': [
        {
          ...ok,
          agentid: 1000014,
          name: '导购助手',
          allow_userinfos: { user: [{ userid: 'LinXiaoMei' }] },
          allow_partys: { partyid: [5] },
          allow_tags: {},
          close: 0,
          redirect_domain: 'guide.example.com',
        },
      ],
      'auth/getuserinfo': [
        readJson('auth_getuserinfo.member.response.json'),
        readJson('auth_getuserinfo.non-member-customer.response.json'),
      ],
      getcallbackip: [readJson('getcallbackip.response.json')],
    })

    expect(await client.user.get('LinXiaoMei')).toMatchObject({
      userId: 'LinXiaoMei',
      departmentIds: [2, 5],
      leaderOfDepartmentIds: [5],
      status: 'active',
    })
    expect((await client.user.list(5)).map(({ status }) => status)).toEqual(['active', 'active', 'not-activated'])
    expect((await client.user.simpleList(5))[1]).toEqual({ userId: 'ChenJie', name: '陈杰', departmentIds: [5] })
    expect((await client.department.list())[2]).toEqual({
      departmentId: 5,
      name: '天河一店',
      parentId: 2,
      order: 40,
      leaderUserIds: ['ChenJie', 'LinXiaoMei'],
    })
    expect((await client.department.simpleList())[1]).toEqual({ departmentId: 2, parentId: 1, order: 10 })
    expect(await client.agent.get()).toMatchObject({
      stopped: false,
      trustedDomain: 'guide.example.com',
      visible: { userIds: ['LinXiaoMei'], departmentIds: [5], tagIds: [] },
    })
    expect(await client.auth.getUserInfo('code')).toMatchObject({ kind: 'member', userId: 'LinXiaoMei' })
    expect(await client.auth.getUserInfo('code')).toMatchObject({
      kind: 'outsider',
      externalUserId: pair.externalUserId,
    })
    expect(await client.callbacks.getIps()).toHaveLength(3)
  })

  test('a message names its app, and says who was not reached', async () => {
    const { server, client } = await start({
      'message/send': [
        readJson('message_send.partial.response.json'),
        readJson('message_send.error-81013.response.json'),
      ],
    })
    const message = { kind: 'text', content: '您有 3 位客户今天生日' } as const

    const sent = await client.message.send({
      toUserIds: ['LinXiaoMei', 'ChenJie'],
      message,
      dropDuplicatesForSec: 1800,
    })

    expect(sent).toMatchObject({
      messageId: 'msg-9f0a1b2c3e',
      invalidUserIds: ['zhaorui'],
      unlicensedUserIds: ['chenjie'],
    })
    expect(JSON.parse(server.callsOf('message/send')[0]!.body)).toEqual({
      touser: 'LinXiaoMei|ChenJie',
      msgtype: 'text',
      agentid: 1000014,
      text: { content: '您有 3 位客户今天生日' },
      enable_duplicate_check: 1,
      duplicate_check_interval: 1800,
    })
    await expect(client.message.send({ toUserIds: ['nobody'], message })).rejects.toMatchObject({ errcode: 81013 })
  })

  test('a picture goes up as multipart with its name, whatever that holds', async () => {
    const { server, client } = await start({ 'media/upload': [readJson('media_upload.response.json')] })

    const media = await client.media.upload({
      type: 'image',
      filename: '会员"卡"\r\n.png',
      bytes: new TextEncoder().encode('not really a picture'),
      contentType: 'image/png',
    })

    expect(media).toEqual({
      mediaId: '1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0',
      createdAt: new Date(1783000000 * 1000),
      expiresAt: new Date((1783000000 + 3 * 86400) * 1000),
    })
    const [call] = server.callsOf('media/upload')
    expect(call?.query.get('type')).toBe('image')
    expect(call?.contentType).toMatch(/^multipart\/form-data; ?boundary=/)
    expect(call?.body).toContain('name="media"; filename="会员%22卡%22%0D%0A.png"')
    expect(call?.body).toContain('not really a picture')
  })

  test('both tickets are fetched once and kept', async () => {
    const { server, client } = await start({
      get_jsapi_ticket: [readJson('get_jsapi_ticket.response.json')],
      'ticket/get': [readJson('ticket_get.agent_config.response.json')],
    })

    const corp = await Promise.all(Array.from({ length: 50 }, () => client.tickets.corp()))
    const agent = await Promise.all(Array.from({ length: 50 }, () => client.tickets.agent()))

    expect(new Set(corp).size).toBe(1)
    expect(new Set(agent).size).toBe(1)
    expect(corp[0]).not.toBe(agent[0])
    expect(server.calls.map(({ path }) => path)).toEqual(['gettoken', 'get_jsapi_ticket', 'ticket/get'])
    expect(server.callsOf('ticket/get')[0]?.query.get('type')).toBe('agent_config')
  })

  test('the doctor may call any path and gets the answer as it came', async () => {
    const { client } = await start({
      'externalcontact/groupchat/list': [
        readJson('externalcontact_groupchat_list.response.json'),
        readJson('externalcontact_groupchat_list.error-81017.response.json'),
      ],
    })
    const request = { method: 'POST', path: 'externalcontact/groupchat/list', json: { limit: 10 } } as const

    expect(await client.raw(request)).toEqual(readJson('externalcontact_groupchat_list.response.json'))
    await expect(client.raw(request)).rejects.toMatchObject({ errcode: 81017 })
  })
})

describe('refusals', () => {
  test.each(
    fixtureNames(/\.error-.*\.response\.json$/).filter((file) => !/4(0014|2001)|minus1|no-customers/.test(file)),
  )('%s is a WecomError without hint and address', async (file) => {
    const answer = readJson(file)
    const { client } = await start({ 'user/get': [answer] })

    const error = await client.user.get('LinXiaoMei').catch((caught: unknown) => caught)

    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ errcode: answer.errcode, path: 'user/get' })
    expect(String(error)).not.toMatch(/hint|203\.0\.113|devtool/)
  })

  test.each(['user_get.error-40014.response.json', 'common.error-42001.response.json'])(
    'an early end of the token (%s) is not seen by 50 callers, and costs one fetch',
    async (file) => {
      const { server, client } = await start({
        'user/get': [
          (response, request) =>
            void response.end(
              JSON.stringify(request.url?.includes('T0ken-1') ? readJson(file) : readJson('user_get.response.json')),
            ),
        ],
      })

      const members = await Promise.all(Array.from({ length: 50 }, () => client.user.get('LinXiaoMei')))

      expect(members).toHaveLength(50)
      expect(server.callsOf('gettoken')).toHaveLength(2)
      expect(server.callsOf('user/get').length).toBeLessThanOrEqual(100)
    },
  )

  test('when the new token is refused as well it stops there', async () => {
    const { server, client } = await start({ 'user/get': [readJson('user_get.error-40014.response.json')] })

    for (let call = 0; call < 5; call++) {
      await expect(client.user.get('LinXiaoMei')).rejects.toMatchObject({ errcode: 40014 })
    }

    expect(server.callsOf('gettoken')).toHaveLength(2)
    expect(server.callsOf('user/get')).toHaveLength(6)
  })

  test.each(['40001', '40013', '41004'])('a wrong setting (%s) is asked about once, then remembered', async (code) => {
    const { server, client } = await start({ gettoken: [readJson(`gettoken.error-${code}.response.json`)] })

    for (let call = 0; call < 20; call++) {
      await expect(client.agent.get()).rejects.toMatchObject({
        errcode: Number(code),
        configuration: true,
        path: 'gettoken',
      })
    }

    expect(server.callsOf('gettoken')).toHaveLength(1)
  })

  test('busy is repeated three times with growing, random pauses, then told', async () => {
    const clock = createManualClock()
    const { server, client } = await start({ 'user/get': [readJson('common.error-minus1.response.json')] }, { clock })

    await expect(client.user.get('LinXiaoMei', { lane: 'background' })).rejects.toMatchObject({
      errcode: -1,
      busy: true,
    })

    expect(server.callsOf('user/get')).toHaveLength(4)
    expect(clock.slept).toHaveLength(3)
    expect(Math.min(...clock.slept)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(5_000)
  })

  test('a person is told of busy before the time is up, rather than kept waiting', async () => {
    const { client } = await start({ 'user/get': [readJson('common.error-minus1.response.json')] })
    const began = performance.now()

    await expect(client.user.get('LinXiaoMei')).rejects.toMatchObject({ errcode: -1, busy: true })

    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('a call that must not happen twice is not repeated for busy', async () => {
    const clock = createManualClock()
    const { server, client } = await start(
      { 'message/send': [readJson('common.error-minus1.response.json')] },
      { clock },
    )

    await expect(
      client.message.send({ toUserIds: ['LinXiaoMei'], message: { kind: 'text', content: '你好' } }),
    ).rejects.toMatchObject({ errcode: -1 })

    expect(server.callsOf('message/send')).toHaveLength(1)
  })

  test('after 45009 an endpoint rests for a minute, is probed once, and rests out the hour if that fails', async () => {
    const clock = createManualClock()
    const limited = readJson('common.error-45009.response.json')
    const { server, client } = await start(
      {
        'user/get': [limited, limited, readJson('user_get.response.json')],
        'user/simplelist': [readJson('user_simplelist.response.json')],
      },
      { clock, random: () => 0 },
    )
    const call = () => client.user.get('LinXiaoMei')

    await expect(call()).rejects.toMatchObject({ errcode: 45009, busy: true, retryAfterMs: 60_000 })
    clock.advance(59_000)
    await expect(call()).rejects.toMatchObject({ errcode: 45009, retryAfterMs: 1_000 })
    expect(server.callsOf('user/get')).toHaveLength(1)
    await expect(client.user.simpleList(5)).resolves.toHaveLength(2)

    clock.advance(1_001)
    const [probe, other] = await Promise.allSettled([call(), call()])
    expect(probe).toMatchObject({ status: 'rejected', reason: { heldBack: false, retryAfterMs: 3_539_999 } })
    expect(other).toMatchObject({ status: 'rejected', reason: { heldBack: true } })
    expect(server.callsOf('user/get')).toHaveLength(2)

    clock.advance(3_539_999)
    await expect(call()).resolves.toMatchObject({ userId: 'LinXiaoMei' })
    await expect(call()).resolves.toMatchObject({ userId: 'LinXiaoMei' })
  })

  test('45033 advises a short wait and does not close the endpoint', async () => {
    const { client } = await start({
      'user/get': [readJson('common.error-45033.response.json'), readJson('user_get.response.json')],
    })

    await expect(client.user.get('LinXiaoMei')).rejects.toMatchObject({ busy: true, retryAfterMs: 1_000 })
    await expect(client.user.get('LinXiaoMei')).resolves.toMatchObject({ userId: 'LinXiaoMei' })
  })
})

describe('hooks', () => {
  test('see endpoint, lane, purpose, outcome and clock of every call', async () => {
    const reports: CallReport[] = []
    const { client } = await start(
      { 'user/get': [readJson('user_get.response.json'), readJson('user_get.error-60111.response.json')] },
      { hooks: { afterCall: (report) => void reports.push(report) } },
    )

    await client.user.get('LinXiaoMei', { lane: 'background' })
    await client.user.get('gone', { purpose: 'admin' }).catch(() => undefined)

    expect(
      reports.map(({ endpoint, lane, purpose, errcode, outcome }) => [endpoint, lane, purpose, errcode, outcome]),
    ).toEqual([
      ['getToken', 'interactive', 'token', 0, 'ok'],
      ['user.get', 'background', 'other', 0, 'ok'],
      ['user.get', 'interactive', 'admin', 60111, 'refused'],
    ])
    const ages = reports.map(({ serverDate }) => Math.abs((serverDate?.getTime() ?? 0) - Date.now()))
    expect(Math.max(...ages)).toBeLessThan(10_000)
  })

  test('what the work at hand is for is asked at each call, and the caller may say otherwise', async () => {
    const reports: CallReport[] = []
    let purpose: CallPurpose = 'sync'
    const { client } = await start(
      { 'user/get': [readJson('user_get.response.json')] },
      {
        hooks: { afterCall: (report) => void reports.push(report) },
        callDefaults: () => ({ lane: 'background', purpose }),
      },
    )

    await client.user.get('LinXiaoMei')
    purpose = 'callback'
    await client.user.get('LinXiaoMei')
    await client.user.get('LinXiaoMei', { lane: 'interactive', purpose: 'panel' })

    expect(reports.slice(1).map((report) => [report.lane, report.purpose])).toEqual([
      ['background', 'sync'],
      ['background', 'callback'],
      ['interactive', 'panel'],
    ])
  })

  test('a limiter that throws stops the call before anything is sent', async () => {
    const { server, client } = await start(
      { 'user/get': [readJson('user_get.response.json')] },
      {
        limiter: {
          admit: async ({ path }) => {
            if (path === 'user/get') throw new Error('no room')
            return { end: async () => undefined }
          },
        },
      },
    )

    await expect(client.user.get('LinXiaoMei')).rejects.toThrow('no room')
    expect(server.callsOf('user/get')).toHaveLength(0)
  })
})

describe('patience', () => {
  const never = () => undefined

  test('a read for the panel ends after two seconds, and says that it was late', async () => {
    const { client } = await start({ 'user/get': [never] })
    const began = performance.now()

    await expect(client.user.get('LinXiaoMei')).rejects.toMatchObject({ reason: 'late', outcome: 'unknown' })

    expect(performance.now() - began).toBeLessThan(4_000)
  })

  test('the time spent waiting for a place or a token counts', async () => {
    const { server, client } = await start({ gettoken: [never], 'user/get': [readJson('user_get.response.json')] })

    await expect(client.user.get('LinXiaoMei', { budgetMs: 200 })).rejects.toMatchObject({
      reason: 'late',
      outcome: 'not-sent',
    })

    expect(server.callsOf('user/get')).toHaveLength(0)
  })

  test('writes and background reads are given their full time', async () => {
    const slow = (body: object) => (response: ServerResponse) =>
      void setTimeout(() => response.end(JSON.stringify(body)), 2_300)
    const { client } = await start({
      'externalcontact/remark': [slow({ errcode: 0, errmsg: 'ok' })],
      'user/get': [slow(readJson('user_get.response.json'))],
    })

    const [write, read] = await Promise.all([
      client.externalContact.remark({ userId: 'LinXiaoMei', externalUserId: 'wm1', remark: '李姐' }),
      client.user.get('LinXiaoMei', { lane: 'background' }),
    ])

    expect([write, read.userId]).toEqual([undefined, 'LinXiaoMei'])
  })

  test('late answers open the breaker of their family, and no other', async () => {
    const { server, client } = await start({
      'user/get': [never],
      'externalcontact/list': [{ errcode: 0, errmsg: 'ok', external_userid: [] }],
    })

    const reasonOf = (budgetMs?: number) =>
      client.user.get('LinXiaoMei', { budgetMs }).then(never, (error: WecomUnavailable) => error.reason)
    const failures: unknown[] = []
    for (let round = 0; round < 2; round++) {
      failures.push(...(await Promise.all(Array.from({ length: 12 }, () => reasonOf(300)))))
    }

    expect(new Set(failures)).toEqual(new Set(['late']))
    expect(server.callsOf('user/get')).toHaveLength(24)
    await expect(reasonOf()).resolves.toBe('circuit-open')
    await expect(client.externalContact.list('LinXiaoMei')).resolves.toEqual([])
    expect(client.breakers()).toContainEqual({ family: 'customers', state: 'closed' })
  })
})
