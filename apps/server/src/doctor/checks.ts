import { randomInt } from 'node:crypto'

import { MongoUnavailable, openMongo } from '@guidebar/mongo'
import { createCallbackCrypto, type WecomClient } from '@guidebar/wecom'

import { ConfigError, loadConfig, type Config } from '../platform/config.ts'
import { fail, ok, skip, warn, type Check, type Finding } from './check.ts'
import { withOpenCallbackCheck } from './open-callback-check.ts'
import { adviseOn } from './wecom-advice.ts'

/** What the checks look at, and what earlier ones found out for later ones. */
export type DoctorContext = {
  env: Readonly<Record<string, string | undefined>>
  connect: (config: Config) => WecomClient
  fetch: typeof fetch
  now: () => Date
  config?: Config
  wecom?: WecomClient
  hasToken?: boolean
}

const offsetLimitSec = 30
const probeTimeoutMs = 5_000

/** Runs a look that needs the token; without one there is nothing to see. */
function withToken(look: (wecom: WecomClient, config: Config) => Promise<Finding>): Check<DoctorContext>['look'] {
  return async ({ config, wecom, hasToken }) => {
    if (!config || !wecom || !hasToken) return skip('没有 access_token，无法检查')
    return look(wecom, config).catch(adviseOn)
  }
}

export const checks: Check<DoctorContext>[] = [
  {
    id: 'settings',
    title: '配置',
    async look(context) {
      try {
        context.config = loadConfig(context.env)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        return fail(
          `缺少或不正确的配置：${error.variables.join(', ')}`,
          '按 docs/architecture.md 的「Configuration」补全环境变量',
        )
      }
      context.wecom = context.connect(context.config)
      const { publicUrl, wecom, adminUserIds } = context.config
      if (!publicUrl.startsWith('https:'))
        return warn('PUBLIC_URL 不是 https', '正式使用必须是 https，企业微信才会打开页面')
      // We speak http, so something in front turns it into https.
      if (!context.config.trustProxy)
        return warn(
          '没有设置 TRUST_PROXY，所有人会被当作来自同一个地址，共用一份请求限额',
          '把反向代理的地址（或网段）写入 TRUST_PROXY',
        )
      if (!wecom.callback)
        return warn('没有配置回调', '设置 WECOM_CALLBACK_TOKEN 和 WECOM_CALLBACK_AES_KEY，客户变化才能及时到达')
      if (adminUserIds.length === 0) return warn('没有管理员', '在 ADMIN_USER_IDS 中填写可以打开管理后台的 userid')
      return ok('全部齐备')
    },
  },
  {
    id: 'mongodb',
    title: '数据库',
    async look({ config }) {
      if (!config) return skip('配置不完整')
      try {
        const mongo = await openMongo({ uri: config.mongodbUri ?? undefined, dataDir: config.dataDir ?? undefined })
        const kind = mongo.kind === 'external' ? '外部 MongoDB' : '内嵌引擎'
        await mongo.close()
        return ok(`${kind}可以连接`)
      } catch (error) {
        if (!(error instanceof MongoUnavailable)) throw error
        // A running server holds its embedded engine: that is as it should be.
        if (error.code === 'DATA_DIR_IN_USE') return ok('内嵌引擎正被运行中的服务使用')
        return fail(error.message, '按上面的提示处理后重新运行')
      }
    },
  },
  {
    id: 'gettoken',
    title: 'access_token',
    async look(context) {
      if (!context.wecom) return skip('配置不完整')
      try {
        // Any call that needs the token and nothing else.
        await context.wecom.callbacks.getIps()
        context.hasToken = true
        return ok('企业 ID 与密钥有效')
      } catch (error) {
        return adviseOn(error)
      }
    },
  },
  {
    id: 'agent',
    title: '应用与可信域名',
    look: withToken(async (wecom, { publicUrl }) => {
      const agent = await wecom.agent.get()
      if (agent.stopped) return fail('应用已停用', '在企业微信管理后台启用本应用')
      const { host } = new URL(publicUrl)
      const trusted = agent.trustedDomain
      if (!trusted) return fail('没有设置可信域名', `在应用 → 网页授权及 JS-SDK 中把 ${host} 设为可信域名`)
      if (trusted !== host)
        return fail(`可信域名是 ${trusted}，而 PUBLIC_URL 是 ${host}`, '两者（包括端口）必须一致，修改其中之一')
      return ok(`应用「${agent.name}」，可信域名 ${trusted}`)
    }),
  },
  {
    id: 'customer-contact',
    title: '客户联系',
    look: withToken(async (wecom) => {
      const userIds = await wecom.externalContact.getFollowUserList()
      if (userIds.length === 0)
        return warn(
          '可以调用，但没有任何成员开通客户联系',
          '在客户联系 → 权限配置 → 使用范围中加入导购，并把他们加入应用的可见范围',
        )
      return ok(`${userIds.length} 位成员可以服务客户`)
    }),
  },
  {
    id: 'ticket-corp',
    title: 'JS-SDK 企业票据',
    look: withToken(async (wecom) => (await wecom.tickets.corp(), ok('可以取得'))),
  },
  {
    id: 'ticket-agent',
    title: 'JS-SDK 应用票据',
    look: withToken(async (wecom) => (await wecom.tickets.agent(), ok('可以取得'))),
  },
  {
    id: 'callback-loop',
    title: '回调地址',
    async look({ config, fetch, now }) {
      if (!config) return skip('配置不完整')
      const { callback, corpId } = config.wecom
      if (!callback) return skip('没有配置回调')
      const isRunning = await fetch(`${config.publicUrl}/livez`, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
        (response) => response.ok,
        () => false,
      )
      if (!isRunning) return skip('服务没有运行，或 PUBLIC_URL 从本机打不开')

      // The same question that WeCom asks when the address is saved.
      const crypto = createCallbackCrypto({ token: callback.token, encodingAesKey: callback.aesKey, receiveId: corpId })
      const word = String(randomInt(1e9, 1e10))
      const timestamp = String(Math.floor(now().getTime() / 1_000))
      const { signature, nonce, encrypt } = crypto.seal(word, { timestamp, nonce: String(randomInt(1e9)) })
      const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr: encrypt })
      const ask = () =>
        fetch(`${config.publicUrl}/wecom/callback/${corpId}?${query.toString()}`, {
          signal: AbortSignal.timeout(probeTimeoutMs),
        })
      try {
        const answer = await withOpenCallbackCheck(config, now, ask)
        if (answer.ok && (await answer.text()) === word) return ok('自己的公网地址能验证并解密回调')
        return fail(
          `回调地址回答 ${answer.status}`,
          '检查反向代理是否把 /wecom/callback/ 原样转发，以及运行中的服务是否使用同一组回调配置和同一个数据库',
        )
      } catch (error) {
        if (!(error instanceof MongoUnavailable)) throw error
        return skip('内嵌引擎正被服务使用，无法临时开放回调校验；请在管理后台查看企业微信的回调是否到达')
      }
    },
  },
  {
    id: 'clock',
    title: '时钟',
    async look({ config, fetch, now }) {
      if (!config) return skip('配置不完整')
      const began = now().getTime()
      const answer = await fetch(`${config.wecom.apiUrl}/cgi-bin/getcallbackip`, {
        signal: AbortSignal.timeout(probeTimeoutMs),
      }).catch(() => null)
      const theirs = Date.parse(answer?.headers.get('date') ?? '')
      if (Number.isNaN(theirs)) return skip('企业微信没有给出时间')
      // The header has whole seconds and was written somewhere between question and answer.
      const offsetSec = Math.round(((began + now().getTime()) / 2 - (theirs + 500)) / 1_000)
      if (Math.abs(offsetSec) > offsetLimitSec)
        return fail(`本机时钟与企业微信相差 ${offsetSec} 秒`, '打开时间同步（NTP），否则回调会被拒绝')
      return ok(`相差 ${Math.abs(offsetSec)} 秒`)
    },
  },
]
