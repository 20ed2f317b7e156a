import type { TSchema } from 'typebox'
import * as wire from './wire/index.ts'

/** Endpoints of one family share a circuit breaker: they live and die together. */
export type EndpointFamily = 'token' | 'directory' | 'customers' | 'messages' | 'media'

export interface Endpoint {
  method: 'GET' | 'POST'
  /** Below `/cgi-bin/`. */
  path: string
  /** Number of the document page: https://developer.work.weixin.qq.com/document/path/N */
  doc: number
  /** Whether the same call may be made again when nobody knows if the first one worked. */
  repeatable: boolean
  family: EndpointFamily
  /** Changes nothing at WeCom: giving up on it early is harmless. */
  reads: boolean
  answer: TSchema
}

/** Every endpoint the client calls, one row each, named as the method that calls it. */
export const endpoints = {
  getToken: get('gettoken', 91039, 'token', wire.GetTokenAnswer),
  'tickets.corp': get('get_jsapi_ticket', 90506, 'token', wire.TicketAnswer),
  'tickets.agent': get('ticket/get', 90506, 'token', wire.TicketAnswer),
  // A code is good for one call only.
  'auth.getUserInfo': {
    ...get('auth/getuserinfo', 91023, 'directory', wire.GetUserInfoAnswer),
    repeatable: false,
    reads: false,
  },
  'callbacks.getIps': get('getcallbackip', 90930, 'directory', wire.GetCallbackIpAnswer),
  'agent.get': get('agent/get', 90227, 'directory', wire.AgentGetAnswer),
  'user.get': get('user/get', 90196, 'directory', wire.UserGetAnswer),
  'user.simpleList': get('user/simplelist', 90200, 'directory', wire.UserSimpleListAnswer),
  'user.list': get('user/list', 90201, 'directory', wire.UserListAnswer),
  'department.list': get('department/list', 90208, 'directory', wire.DepartmentListAnswer),
  'department.simpleList': get('department/simplelist', 95350, 'directory', wire.DepartmentSimpleListAnswer),
  'message.send': { ...post('message/send', 90236, 'messages', wire.MessageSendAnswer), repeatable: false },
  // A second file is harmless: both ids die after three days.
  'media.upload': post('media/upload', 90253, 'media', wire.MediaUploadAnswer),
  'externalContact.getFollowUserList': get(
    'externalcontact/get_follow_user_list',
    92571,
    'customers',
    wire.GetFollowUserListAnswer,
  ),
  'externalContact.list': get('externalcontact/list', 92113, 'customers', wire.ExternalContactListAnswer),
  'externalContact.get': get('externalcontact/get', 92114, 'customers', wire.ExternalContactGetAnswer),
  'externalContact.batchGetByUser': {
    ...post('externalcontact/batch/get_by_user', 92994, 'customers', wire.BatchGetByUserAnswer),
    reads: true,
  },
  'groupChat.get': {
    ...post('externalcontact/groupchat/get', 92122, 'customers', wire.GroupChatGetAnswer),
    reads: true,
  },
  'externalContact.remark': post('externalcontact/remark', 92115, 'customers', wire.OkAnswer),
  'externalContact.getCorpTagList': {
    ...post('externalcontact/get_corp_tag_list', 92117, 'customers', wire.GetCorpTagListAnswer),
    reads: true,
  },
  // Names are unique, so a repeat answers 40071: the caller re-reads the library and adopts by name.
  'externalContact.addCorpTag': {
    ...post('externalcontact/add_corp_tag', 92117, 'customers', wire.AddCorpTagAnswer),
    repeatable: false,
  },
  'externalContact.editCorpTag': post('externalcontact/edit_corp_tag', 92117, 'customers', wire.OkAnswer),
  // A repeat answers 40068 for ids that are gone already.
  'externalContact.delCorpTag': {
    ...post('externalcontact/del_corp_tag', 92117, 'customers', wire.OkAnswer),
    repeatable: false,
  },
  'externalContact.markTag': post('externalcontact/mark_tag', 92118, 'customers', wire.OkAnswer),
} as const satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints

function get<A extends TSchema>(path: string, doc: number, family: EndpointFamily, answer: A) {
  return { method: 'GET' as const, path, doc, repeatable: true as boolean, family, reads: true as boolean, answer }
}

function post<A extends TSchema>(path: string, doc: number, family: EndpointFamily, answer: A) {
  return { method: 'POST' as const, path, doc, repeatable: true as boolean, family, reads: false as boolean, answer }
}
