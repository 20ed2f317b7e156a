import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { openFramedPage, pageUrl } from './framed-page.ts'
import { presets } from './presets.ts'

type Page = Awaited<ReturnType<typeof openFramedPage>>
let page: Page
const open = async (...options: Parameters<typeof openFramedPage>) => (page = await openFramedPage(...options))
const failure = (promise: Promise<unknown>): Promise<Record<string, unknown>> =>
  promise.then(
    () => ({ errMsg: 'resolved' }),
    (error: Record<string, unknown>) => error,
  )
const customerApis = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage']
const card = { appid: 'wxlinked', title: '手机', imgUrl: 'https://shop.test/a.png', page: 'pages/a.html?token=t' }

// A refused config leaves one rejection without an owner inside the SDK; see its `register`.
const swallow = (error: unknown) => {
  if (!String((error as { errMsg?: string }).errMsg).startsWith('agentConfig:')) throw error
}
beforeEach(() => void process.on('unhandledRejection', swallow))
afterEach(() => {
  page.close()
  process.off('unhandledRejection', swallow)
})

describe('the genuine SDK over the stub and the host', () => {
  test('sees the client of the preset, greets the exact origin and gets context and customer', async () => {
    const { sdk, window, greetings, calls, register } = await open()

    register(customerApis)
    const [context, contact] = await Promise.all([sdk.getContext(), sdk.getCurExternalContact()])

    expect(window.navigator.userAgent).toBe(presets.windows.userAgent.replace('{scheme}', 'Light'))
    expect(window.navigator.platform).toBe('Win32')
    expect(sdk.env.isWeCom).toBe(true)
    expect(greetings).toEqual([{ target: 'http://sim.test' }])
    expect(context).toMatchObject({ entry: 'single_chat_tools', errMsg: 'getContext:ok', errCode: 0 })
    expect(contact).toMatchObject({ userId: 'wmA' })
    expect(calls.map((call) => call.name)).toEqual(['agentConfig', 'getContext', 'getCurExternalContact'])
  })

  test('calls the bridge by the documented names with the documented parameters', async () => {
    const { sdk, calls, register } = await open()
    register([
      ...customerApis,
      'openUserProfile',
      'openEnterpriseChat',
      'selectExternalContact',
      'launchMiniprogram',
      'previewImage',
    ])
    await sdk.getContext()

    await sdk.sendChatMessage({ msgtype: 'miniprogram', miniprogram: card })
    await sdk.openUserProfile({ type: sdk.OpenUserProfileType.external, userid: 'wmA' })
    await sdk.openEnterpriseChat({ groupName: '群', externalUserIds: ['wmA', 'wmB'] })
    await sdk.selectExternalContact({ filterType: sdk.SelectExternalContactType.all })
    await sdk.launchMiniprogram({ appid: 'wxlinked', path: 'pages/a?x=1' })

    const verify = {
      appId: 'wwcorp',
      verifyAppId: 'wwcorp',
      verifySignType: 'sha1',
      verifyTimestamp: '1700000000',
      verifyNonceStr: 'n1',
      verifySignature: `signed ${pageUrl}`,
    }
    const seen = Object.fromEntries(calls.map((call) => [call.name, call.params]))
    expect(seen.agentConfig).toMatchObject({
      corpid: 'wwcorp',
      agentid: '1000002',
      timestamp: '1700000000',
      nonceStr: 'n1',
      signature: `signed ${pageUrl}`,
    })
    expect(seen.agentConfig?.jsApiList).toContain('sendChatMessage')
    expect(seen.sendChatMessage).toEqual({ msgtype: 'miniprogram', miniprogram: card, ...verify })
    expect(seen.openUserProfile).toMatchObject({ type: 2, userid: 'wmA' })
    expect(seen.openEnterpriseChat).toMatchObject({ chatname: '群', groupName: '群', externalUserIds: 'wmA;wmB' })
    expect(seen.selectExternalContact).toMatchObject({ filterType: 0 })
    expect(seen.launchMiniprogram).toMatchObject({ appid: 'wxlinked', path: 'pages/a.html?x=1' })
  })

  test('sends each kind of message once', async () => {
    const { sdk, sent, register } = await open()
    register(customerApis)

    await sdk.sendChatMessage({ msgtype: 'text', text: { content: '您好' } })
    await sdk.sendChatMessage({ msgtype: 'image', image: { mediaid: 'media-new' } })
    await sdk.sendChatMessage({
      msgtype: 'news',
      news: { link: 'https://a.test', title: '标题', desc: '说明', imgUrl: 'https://a.test/a.png' },
    })
    await sdk.sendChatMessage({ msgtype: 'miniprogram', miniprogram: card })

    expect(sent.map((content) => content.type)).toEqual(['text', 'image', 'link', 'card'])
  })

  test('takes a bridge that arrives late, and none when it never arrives', async () => {
    const late = await open({ inject: 'late' })
    expect(late.bridge()).toBeUndefined()
    late.register(customerApis)
    await expect(late.sdk.getContext()).resolves.toMatchObject({ entry: 'single_chat_tools' })
    late.close()

    const never = await open({ inject: 'never' })
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(never.bridge()).toBeUndefined()
  })

  test('signs again when the address changes', async () => {
    const { sdk, window, calls, register } = await open()
    register(customerApis)
    await sdk.getContext()

    window.location.href = 'http://sim.test/sidebar/other'
    await sdk.getContext()

    expect(calls.map((call) => [call.name, call.url])).toEqual([
      ['agentConfig', pageUrl],
      ['getContext', pageUrl],
      ['agentConfig', 'http://sim.test/sidebar/other'],
      ['getContext', 'http://sim.test/sidebar/other'],
    ])
  })

  test('asks a listener for the back key whether to stay', async () => {
    const { sdk, link } = await open()
    sdk.onHistoryBack(() => false)
    await new Promise((resolve) => setTimeout(resolve, 20))

    expect(await link()?.emit('historyBack')).toEqual({ heard: true, stay: true })
    expect(await link()?.emit('menu:share:appmessage')).toEqual({ heard: false, stay: false })
  })
})

describe('the rules in their order', () => {
  test('1: a silent client never answers', async () => {
    const { raw, calls } = await open({ client: { silent: true } })

    const outcome = await Promise.race([raw('nonsense'), new Promise((resolve) => setTimeout(resolve, 50, 'silence'))])

    expect(outcome).toBe('silence')
    expect(calls).toMatchObject([{ rule: 1, reply: null }])
  })

  test('2: unknown calls and calls newer than the client do not exist', async () => {
    const { raw } = await open({ client: { preset: presets.old } })

    expect(await raw('nonsense')).toEqual({ errmsg: 'nonsense:function not exist' })
    expect(await raw('constructor')).toEqual({ errmsg: 'constructor:function not exist' })
    expect(await raw('getContext')).toEqual({ errmsg: 'getContext:function not exist' })
    expect(await raw('navigateToAddCustomer')).toEqual({ errmsg: 'navigateToAddCustomer:function not exist' })
  })

  test('2: an old client registers with corp identity first, and has no getContext', async () => {
    const { sdk, calls } = await open({ client: { preset: presets.old } })
    const sign = (url: string) => ({ timestamp: 1, nonceStr: 'n', signature: `signed ${url}` })

    sdk.register({
      corpId: 'wwcorp',
      agentId: 1,
      jsApiList: ['getContext'],
      getConfigSignature: sign,
      getAgentConfigSignature: sign,
    })

    expect(await failure(sdk.getContext())).toMatchObject({ errMsg: 'getContext:function not exist' })
    expect(calls.map((call) => call.name)).toEqual(['preVerifyJSAPI', 'agentConfig', 'getContext'])
  })

  test('3: a wrong signature fails the config', async () => {
    const { sdk, calls, register } = await open()

    register(customerApis, () => 'signed elsewhere')

    expect(await failure(sdk.getContext())).toMatchObject({ errMsg: 'agentConfig:invalid signature' })
    expect(calls[0]).toMatchObject({
      rule: 3,
      why: 'signed another address',
      reply: { errmsg: 'agentConfig:fail_invalid signature' },
    })
  })

  test('4: without a config for this page, or a call that is not listed, there is no permission', async () => {
    const { sdk, raw, register } = await open()
    expect(await raw('getContext')).toEqual({ errmsg: 'getContext:fail_nopermission' })

    register(['getContext'])
    await sdk.getContext()

    expect(await failure(sdk.getCurExternalContact())).toMatchObject({ errMsg: 'getCurExternalContact:nopermission' })
  })

  test('5: corp identity does not open customer calls, nor does an app without 客户联系', async () => {
    const corpOnly = await open()
    corpOnly.sdk.register({
      corpId: 'wwcorp',
      jsApiList: ['getContext', 'getCurExternalContact'],
      getConfigSignature: (url: string) => ({ timestamp: 1, nonceStr: 'n', signature: `signed ${url}` }),
    })
    await expect(corpOnly.sdk.getContext()).resolves.toBeTruthy()
    expect(await failure(corpOnly.sdk.getCurExternalContact())).toMatchObject({
      errMsg: 'getCurExternalContact:fail no permission',
    })
    corpOnly.close()

    const lacking = await open({ client: { customerContact: false } })
    lacking.register(customerApis)
    expect(await failure(lacking.sdk.getCurExternalContact())).toMatchObject({
      errMsg: 'getCurExternalContact:fail no permission',
    })
  })

  test('6: the wrong entry has no context, and each platform words it in its own way', async () => {
    const windows = await open({ client: { entry: 'normal' } })
    windows.register(customerApis)
    expect(await failure(windows.sdk.getCurExternalContact())).toMatchObject({
      errMsg: 'getCurExternalContact:without context of external contact',
      errCode: -1,
    })
    windows.close()

    const mac = await open({ client: { entry: 'normal', preset: presets.mac } })
    mac.register(customerApis)
    expect(await failure(mac.sdk.getCurExternalContact())).toMatchObject({
      errMsg: 'getCurExternalContact:failwithout context of external contact',
      errCode: 2,
    })
  })

  test('6: a profile page shows the customer but cannot send', async () => {
    const { sdk, register, sent } = await open({ client: { entry: 'contact_profile' } })
    register(customerApis)

    await expect(sdk.getCurExternalContact()).resolves.toMatchObject({ userId: 'wmA' })
    const refused = await failure(sdk.sendChatMessage({ msgtype: 'text', text: { content: '您好' } }))

    expect(refused.errMsg).toBe('sendChatMessage:without context of external contact')
    expect(sent).toEqual([])
  })

  test('6: a group gives its chat id and no customer', async () => {
    const { sdk, register } = await open({
      client: { entry: 'group_chat_tools', conversation: { kind: 'group', chatId: 'wrA' } },
    })
    register(customerApis)

    await expect(sdk.getCurExternalChat()).resolves.toMatchObject({ chatId: 'wrA' })
    expect((await failure(sdk.getCurExternalContact())).errMsg).toContain('without context')
  })

  test('8: a user who closes the question cancels, after the message was found good', async () => {
    const { sdk, sent, register } = await open({ client: { userCancels: true } })
    register(customerApis)

    expect(await failure(sdk.sendChatMessage({ msgtype: 'text', text: { content: '您好' } }))).toMatchObject({
      errMsg: 'sendChatMessage:cancel',
    })
    expect(sent).toEqual([])
  })

  test('a new document starts without a config', async () => {
    const { raw, sdk, register, reload } = await open()
    register(['getContext'])
    await sdk.getContext()
    expect(await raw('getContext')).toMatchObject({ err_msg: 'getContext:ok' })

    reload()

    expect(await raw('getContext')).toEqual({ errmsg: 'getContext:fail_nopermission' })
  })

  test('a deed that fails becomes a refusal, never silence', async () => {
    const { sdk, register } = await open({
      facts: {
        findMedia: async () => {
          throw new Error('emulator away')
        },
      },
    })
    register(customerApis)

    const refused = await failure(sdk.sendChatMessage({ msgtype: 'image', image: { mediaid: 'm' } }))

    expect(refused.errMsg).toBe('sendChatMessage:system error')
  })
})

describe('rule 7: message checks', () => {
  const cases: [string, Record<string, unknown>, string, keyof typeof presets][] = [
    ['an empty text', { msgtype: 'text', text: { content: ' ' } }, 'fail_content empty', 'windows'],
    ['a missing object', { msgtype: 'text' }, 'fail_invalid param', 'windows'],
    ['an unknown type', { msgtype: 'voice', voice: {} }, 'fail_unsupported msgtype', 'windows'],
    ['a media id nobody uploaded', { msgtype: 'image', image: { mediaid: 'x' } }, 'fail_invalid param', 'windows'],
    [
      'a media id older than three days',
      { msgtype: 'image', image: { mediaid: 'media-old' } },
      'fail_invalid param',
      'windows',
    ],
    [
      'an image id sent as a file',
      { msgtype: 'file', file: { mediaid: 'media-new' } },
      'fail_invalid param',
      'windows',
    ],
    [
      'a link without cover on a desktop',
      { msgtype: 'news', news: { link: 'https://a.test', title: 't', desc: '', imgUrl: '' } },
      'fail, invalid param',
      'windows',
    ],
    [
      'a card without https cover',
      { msgtype: 'miniprogram', miniprogram: { ...card, imgUrl: '/a.png' } },
      'fail invalid imgUrl',
      'windows',
    ],
    [
      'a card of another corp',
      { msgtype: 'miniprogram', miniprogram: { ...card, appid: 'wxother' } },
      'fail, not allow to cross corp',
      'windows',
    ],
    [
      'a card without page',
      { msgtype: 'miniprogram', miniprogram: { ...card, page: '' } },
      'fail_invalid miniprogram info',
      'android',
    ],
  ]
  test.each(cases)('refuses %s', async (_name, message, text, preset) => {
    const { sdk, raw, register, sent } = await open({ client: { preset: presets[preset] } })
    register(customerApis)
    await sdk.ensureAgentConfigReady()

    const reply = await raw('sendChatMessage', message)

    expect(reply).toEqual({ [preset === 'windows' ? 'errmsg' : 'err_msg']: `sendChatMessage:${text}` })
    expect(sent).toEqual([])
  })

  test('a phone accepts a link without cover', async () => {
    const { sdk, register, sent } = await open({ client: { preset: presets.ios } })
    register(customerApis)

    await sdk.sendChatMessage({
      msgtype: 'news',
      news: { link: 'https://a.test', title: 't', desc: '', imgUrl: '' },
    })

    expect(sent).toHaveLength(1)
  })

  test('an old Mac client cannot send cards', async () => {
    const { sdk, register, raw } = await open({ client: { preset: { ...presets.mac, version: '4.1.20' } } })
    register(customerApis)
    await sdk.ensureAgentConfigReady()

    const reply = await raw('sendChatMessage', { msgtype: 'miniprogram', miniprogram: card })

    expect(reply).toEqual({ err_msg: 'sendChatMessage:fail_unsupported msgtype' })
  })
})
