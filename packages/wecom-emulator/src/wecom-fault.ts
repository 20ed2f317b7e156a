/** Texts of the codes this emulator answers with. People read them; programs must look at the code only. */
const texts: Record<number, string> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid type argument',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid msgtype',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40031: 'invalid userid list',
  40032: 'invalid userid list size',
  40056: 'invalid agentid',
  40057: 'invalid callback url',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40071: 'invalid tag name',
  40072: 'invalid tag name length',
  40093: 'invalid jsapi signature',
  40096: 'invalid external userid',
  40126: 'corp tag number limit exceeded',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41006: 'media_id missing',
  41008: 'oauth code missing',
  41009: 'userid missing',
  41011: 'agentid missing',
  41035: 'external userid missing',
  41049: 'welcome code missing',
  41050: 'invalid welcome code',
  41051: 'externaluser has started chatting',
  41064: 'too many attachments',
  41065: 'invalid attachment type',
  41096: 'welcome msg is being distributed',
  42001: 'access_token expired',
  42003: 'oauth code expired',
  42022: 'oauth code used',
  44001: 'empty media data',
  44004: 'empty text content',
  45001: 'media data size out of limit',
  45002: 'message content size out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45035: 'concurrent operation conflict',
  48002: 'api forbidden',
  50001: 'redirect_uri is not a trusted domain',
  50002: 'user is out of the range of this agent',
  50003: 'app is disabled',
  50100: 'invalid cursor',
  60003: 'department not found',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60123: 'invalid party id',
  81013: 'user & party & tag all invalid',
  81017: 'request items over limit',
  84061: 'not external contact',
  84074: 'no permission of external contact',
  90206: 'mini program is not linked to the corp',
  90500: 'owner has not left',
  90501: 'invalid chat_id',
  91040: 'invalid ticket type',
  92002: 'not allow to cross corp',
  301002: 'no permission to operate this agent',
  701008: 'no licensed userid',
}

/** A business error of WeCom: goes out as HTTP 200 with this code. */
export class WecomFault extends Error {
  readonly errcode: number

  constructor(errcode: number) {
    super(`errcode ${errcode}`)
    this.name = 'WecomFault'
    this.errcode = errcode
  }
}

/**
 * The errmsg as the live service writes it, with hint and the caller's address.
 * 40014 comes bare from several APIs.
 */
export function toErrmsg(errcode: number, hint: string, ip: string): string {
  const text = texts[errcode] ?? 'request failed'
  if (errcode === 40014) return text
  return `${text}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
}
