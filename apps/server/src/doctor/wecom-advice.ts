import { WecomError, WecomUnavailable } from '@guidebar/wecom'

import { fail, warn, type Finding } from './check.ts'

const adminConsole = '企业微信管理后台'

/** What to do about the refusals an installer meets. @see https://developer.work.weixin.qq.com/document/path/90313 */
const adviceOf: Record<number, [cause: string, fix: string]> = {
  40001: ['密钥不正确，或应用已停用', `在${adminConsole} → 应用管理 → 本应用中查看 Secret，更新 WECOM_SECRET`],
  40013: ['企业 ID 不正确', `在${adminConsole} → 我的企业中查看企业 ID，更新 WECOM_CORP_ID`],
  40056: ['应用的 AgentId 不正确', `在${adminConsole} → 应用管理 → 本应用中查看 AgentId，更新 WECOM_AGENT_ID`],
  40091: ['密钥属于另一个企业', '检查 WECOM_CORP_ID 与 WECOM_SECRET 是否来自同一个企业'],
  48002: [
    '应用没有调用「客户联系」接口的权限',
    `在${adminConsole} → 客户与上下游 → 客户联系 → API → 可调用接口的应用中勾选本应用`,
  ],
  60020: [
    '本机的出口 IP 不在企业可信 IP 中',
    `在${adminConsole} → 应用管理 → 本应用 → 企业可信 IP 中加入本机的出口 IP，约一分钟后生效`,
  ],
  60011: ['应用的可见范围不够', `在${adminConsole} → 应用管理 → 本应用 → 可见范围中加入导购所在部门`],
  301002: ['密钥属于另一个应用', '检查 WECOM_AGENT_ID 与 WECOM_SECRET 是否来自同一个应用'],
  45009: ['调用过于频繁，企业微信已暂时限制', '等待限制结束（一分钟到一小时）后重新运行'],
}

/** Cause and next step of a failed call. */
export function adviseOn(error: unknown): Finding {
  if (error instanceof WecomError) {
    const [cause, fix] = adviceOf[error.errcode] ?? [
      '企业微信拒绝了调用',
      `查询错误码：https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`,
    ]
    const finding = error.busy ? warn : fail
    return finding(`${cause}（errcode ${error.errcode}，${error.path}）`, fix)
  }
  if (error instanceof WecomUnavailable)
    return fail(`企业微信没有给出可用的回答（${error.reason}，${error.path}）`, '检查本机网络、代理和 WECOM_API_URL')
  throw error
}
