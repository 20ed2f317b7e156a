import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'
import * as wire from '@guidebar/wecom/wire'
import { describe, expect, test } from 'vitest'
import { lina, readFixture, useEmulator, type Json } from '../test-support.ts'

const emulator = useEmulator()
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4])

/** Each endpoint with a good call, the shape its answer must have, and the fixture whose fields it must show. */
const cases: [name: string, call: () => Promise<Json>, shape: TSchema, fixture: string][] = [
  ['get_jsapi_ticket', () => emulator.get('get_jsapi_ticket'), wire.TicketAnswer, 'get_jsapi_ticket.response.json'],
  [
    'ticket/get',
    () => emulator.get('ticket/get?type=agent_config'),
    wire.TicketAnswer,
    'ticket_get.agent_config.response.json',
  ],
  ['getcallbackip', () => emulator.get('getcallbackip'), wire.GetCallbackIpAnswer, 'getcallbackip.response.json'],
  [
    'user/get',
    () => emulator.get('user/get?userid=LinXiaoMei'),
    wire.UserGetAnswer,
    'user_get.new-app-no-sensitive.response.json',
  ],
  [
    'user/simplelist',
    () => emulator.get('user/simplelist?department_id=5'),
    wire.UserSimpleListAnswer,
    'user_simplelist.response.json',
  ],
  [
    'department/list',
    () => emulator.get('department/list'),
    wire.DepartmentListAnswer,
    'department_list.response.json',
  ],
  [
    'department/simplelist',
    () => emulator.get('department/simplelist'),
    wire.DepartmentSimpleListAnswer,
    'department_simplelist.response.json',
  ],
  [
    'get_follow_user_list',
    () => emulator.get('externalcontact/get_follow_user_list'),
    wire.GetFollowUserListAnswer,
    'externalcontact_get_follow_user_list.response.json',
  ],
  [
    'list',
    () => emulator.get('externalcontact/list?userid=LinXiaoMei'),
    wire.ExternalContactListAnswer,
    'externalcontact_list.response.json',
  ],
  [
    'get',
    () => emulator.get(`externalcontact/get?external_userid=${lina}`),
    wire.ExternalContactGetAnswer,
    'externalcontact_get.wechat-user.response.json',
  ],
  [
    'batch/get_by_user',
    () => emulator.post('externalcontact/batch/get_by_user', { userid_list: ['LinXiaoMei'] }),
    wire.BatchGetByUserAnswer,
    'externalcontact_batch_get_by_user.response.json',
  ],
  [
    'get_corp_tag_list',
    () => emulator.post('externalcontact/get_corp_tag_list'),
    wire.GetCorpTagListAnswer,
    'externalcontact_get_corp_tag_list.response.json',
  ],
  [
    'get_corp_tag_list by id',
    () => emulator.post('externalcontact/get_corp_tag_list', { group_id: ['group-level'] }),
    wire.GetCorpTagListAnswer,
    'externalcontact_get_corp_tag_list.by-id-deleted.response.json',
  ],
  [
    'add_corp_tag',
    () => emulator.post('externalcontact/add_corp_tag', { group_name: '会员等级', tag: [{ name: '钻石', order: 3 }] }),
    wire.AddCorpTagAnswer,
    'externalcontact_add_corp_tag.response.json',
  ],
  [
    'groupchat/list',
    () => emulator.post('externalcontact/groupchat/list', { limit: 100 }),
    wire.OkAnswer,
    'externalcontact_groupchat_list.response.json',
  ],
  [
    'media/upload',
    () => emulator.upload('media/upload?type=image', png),
    wire.MediaUploadAnswer,
    'media_upload.response.json',
  ],
  [
    'message/send',
    () => emulator.post('message/send', JSON.parse(readFixture('message_send.text.request.json'))),
    wire.MessageSendAnswer,
    'message_send.response.json',
  ],
]

describe('answers have the documented shape', () => {
  test.each(cases)('%s', async (_name, call, shape, fixture) => {
    const answer = await call()

    expect(answer).toMatchObject({ errcode: 0 })
    expect(Value.Errors(shape, answer)).toEqual([])
    const documented = Object.keys(JSON.parse(readFixture(fixture)) as object)
    // next_cursor is left out or empty on a last page.
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(documented.filter((name) => name !== 'next_cursor')))
  })

  test('ok alone for the writing calls, as the common fixture', async () => {
    const pair = { userid: 'LinXiaoMei', external_userid: lina }
    const answers = [
      await emulator.post('externalcontact/remark', { ...pair, remark: '李姐' }),
      await emulator.post('externalcontact/mark_tag', { ...pair, add_tag: ['tag-dry'] }),
      await emulator.post('externalcontact/edit_corp_tag', { id: 'tag-dry', name: '干性' }),
      await emulator.post('externalcontact/del_corp_tag', { tag_id: ['tag-dry'] }),
    ]

    for (const answer of answers) expect(answer).toEqual(JSON.parse(readFixture('common.ok.response.json')))
  })

  test('a customer as its fixture shows one, with corp and own tags', async () => {
    const answer = await emulator.get(`externalcontact/get?external_userid=${lina}`)

    expect(answer.external_contact).toMatchObject({
      external_userid: lina,
      name: '李娜',
      type: 1,
      gender: 2,
      unionid: 'oZx7kQ2mV5bN8cL1zP4wR6tY3uI0',
    })
    expect((answer.follow_user as wire.FollowUser[])[0]).toMatchObject({
      userid: 'LinXiaoMei',
      remark: '李姐 VIP',
      remark_mobiles: ['13800001111'],
      state: 'store_tianhe_01',
      tags: [
        { group_name: '会员等级', tag_name: '金卡', tag_id: 'tag-gold', type: 1 },
        { group_name: '我的标签', tag_name: '爱聊天', type: 2 },
      ],
    })
  })

  test('the answers that have no fixture', async () => {
    const agent = await emulator.get('agent/get?agentid=1000014')
    const department = await emulator.get('department/get?id=5')
    const list = await emulator.get('user/list?department_id=5')
    const chat = await emulator.post('externalcontact/groupchat/get', {
      chat_id: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg',
      need_name: 1,
    })

    expect(Value.Check(wire.AgentGetAnswer, agent)).toBe(true)
    expect(Value.Check(wire.UserListAnswer, list)).toBe(true)
    expect(department.department).toEqual({
      id: 5,
      name: '天河一店',
      name_en: '',
      department_leader: ['ChenJie'],
      parentid: 2,
      order: 40,
    })
    const fixture = JSON.parse(readFixture('externalcontact_groupchat_get.response.json')) as { group_chat: object }
    expect(Object.keys(chat.group_chat as object)).toEqual(
      expect.arrayContaining(Object.keys(fixture.group_chat).filter((name) => name !== 'notice')),
    )
  })
})
