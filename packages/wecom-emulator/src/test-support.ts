import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCallbackCrypto } from '@guidebar/wecom/crypto'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createWecomEmulator, type SettingsPatch, type WecomEmulator } from './index.ts'

export const corpId = 'ww5f2a9c31d7be4608'
export const secret = 'emulatorAgentSecret000000000000000000000043'
export const lina = 'wmR7uQDgAAk3vT9xYb2LhPzE5sJcN0aw'
export const xiaoyu = 'wmR7uQDgAAQe8-nH4tUoV1rKd7Lz2cBg'
export const manager = 'woR7uQDgAAZ1bC7dR4uNiY8mKxO2sVtw'

export const readFixture = (name: string) =>
  readFileSync(new URL(`../../wecom/fixtures/${name}`, import.meta.url), 'utf8').replace(/\n$/, '')

export type Json = Record<string, unknown> & { errcode: number; errmsg: string }

/** A running emulator with a small corp, the same before each test, and the shortest way to call it. */
export function useEmulator(settings: SettingsPatch = {}) {
  const holder: { emulator?: WecomEmulator; token: string; unknown: string[] } = { token: '', unknown: [] }
  const current = () => {
    if (!holder.emulator) throw new Error('the emulator is not running yet')
    return holder.emulator
  }

  beforeAll(async () => {
    holder.emulator = await createWecomEmulator({ settings, report: (message) => holder.unknown.push(message) })
  })
  beforeEach(async () => {
    await current().control.reset()
    await loadSmallCorp(current())
    holder.unknown.length = 0
    holder.token = await getToken()
  })
  afterAll(() => current().close())

  async function getToken() {
    const answer = await raw(`gettoken?corpid=${corpId}&corpsecret=${secret}`)
    return String(((await answer.json()) as Json).access_token)
  }
  const raw = (path: string, init?: RequestInit) => fetch(`${current().url}/cgi-bin/${path}`, init)
  const withToken = (path: string) => `${path}${path.includes('?') ? '&' : '?'}access_token=${holder.token}`

  return {
    get url() {
      return current().url
    },
    get control() {
      return current().control
    },
    get token() {
      return holder.token
    },
    get unknown() {
      return holder.unknown
    },
    getToken,
    raw,
    get: async (path: string) => (await (await raw(withToken(path))).json()) as Json,
    post: async (path: string, body: unknown = {}) =>
      (await (
        await raw(withToken(path), { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
      ).json()) as Json,
    upload: async (path: string, bytes: Uint8Array<ArrayBuffer>, filename = '图.png') => {
      const form = new FormData()
      form.set('media', new File([bytes], filename))
      return (await (await raw(withToken(path), { method: 'POST', body: form })).json()) as Json
    },
  }
}

/** Takes callbacks and opens them; `answer` decides what it says to each, by default 200. */
export function useReceiver() {
  const crypto = createCallbackCrypto({
    token: 'kX9bQ2mV7cL4zP1w',
    encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: corpId,
  })
  const receiver = {
    url: '',
    /** Decrypted events in the order in which they came. */
    events: [] as string[],
    answer: (response: ServerResponse) => {
      response.end()
    },
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const query = new URL(request.url ?? '', 'http://receiver').searchParams
      receiver.events.push(
        crypto.verifyAndDecrypt({
          signature: query.get('msg_signature') ?? '',
          timestamp: query.get('timestamp') ?? '',
          nonce: query.get('nonce') ?? '',
          encrypt: /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(body)?.[1] ?? '',
        }),
      )
      receiver.answer(response)
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wecom/callback/${corpId}`
  })
  beforeEach(() => {
    receiver.events = []
    receiver.answer = (response) => response.end()
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  return receiver
}

/** Two guides, a third without customers, and three customers, two of whom one guide serves alone. */
async function loadSmallCorp({ control }: WecomEmulator) {
  await control.load({
    departments: [
      { id: 1, name: '示例零售' },
      { id: 2, name: '华南区', parentId: 1, order: 10 },
      { id: 5, name: '天河一店', parentId: 2, order: 40, leaderUserIds: ['ChenJie'] },
    ],
    members: [
      { userId: 'LinXiaoMei', name: '林小美', departmentIds: [2, 5], position: '导购' },
      { userId: 'ChenJie', name: '陈杰', departmentIds: [5], position: '店长', leaderInDepartments: [true] },
      { userId: 'zhao.rui', name: '赵蕊', departmentIds: [5] },
    ],
    tagGroups: [
      {
        groupId: 'group-level',
        name: '会员等级',
        order: 2,
        tags: [
          { tagId: 'tag-gold', name: '金卡', order: 2 },
          { tagId: 'tag-silver', name: '银卡', order: 1 },
        ],
      },
      { groupId: 'group-skin', name: '肤质', order: 1, tags: [{ tagId: 'tag-dry', name: '干皮' }] },
    ],
    customers: [
      { externalUserId: lina, name: '李娜', gender: 2, unionId: 'oZx7kQ2mV5bN8cL1zP4wR6tY3uI0' },
      { externalUserId: xiaoyu, name: '🌸小雨🌸' },
      {
        externalUserId: manager,
        name: '王经理',
        type: 2,
        corpName: '示例供应',
        corpFullName: '示例供应链有限公司',
        position: '采购经理',
      },
    ],
    relations: [
      {
        userId: 'LinXiaoMei',
        externalUserId: lina,
        remark: '李姐 VIP',
        tagIds: ['tag-gold'],
        personalTags: [{ groupName: '我的标签', name: '爱聊天' }],
        mobiles: ['13800001111'],
        state: 'store_tianhe_01',
      },
      {
        userId: 'LinXiaoMei',
        externalUserId: xiaoyu,
        addWay: 10,
        wechatChannels: { nickname: '示例视频号', source: 2 },
      },
      { userId: 'ChenJie', externalUserId: lina, remark: '李娜', addWay: 201, operUserId: 'LinXiaoMei' },
      { userId: 'ChenJie', externalUserId: manager, remark: '王总', addWay: 3, operUserId: 'ChenJie' },
    ],
    chats: [
      {
        chatId: 'wrR7uQDgAAH2jK9lQ4wE7rT1yU5iOpXg',
        name: '天河一店 VIP 群',
        ownerUserId: 'ChenJie',
        members: ['LinXiaoMei', lina],
      },
    ],
  })
}
