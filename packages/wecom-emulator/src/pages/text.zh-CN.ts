/** Words of the sign-in pages. */
export const text = {
  brand: '企业微信模拟器',
  notInClient: '请在企业微信客户端打开链接',
  notInClientHint: '这个网页授权链接只能在企业微信里打开。没有找到已登录的客户端成员。',
  refused: '无法登录',
  errors: {
    appid: 'appid 不是本企业的 CorpID。',
    redirectUri: 'redirect_uri 缺失或不是有效网址。',
    untrusted: (host: string) => `redirect_uri 的域名 ${host} 与应用的可信域名不一致（域名和端口都要相同）。`,
    responseType: 'response_type 必须是 code。',
    scope: 'scope 必须是 snsapi_base 或 snsapi_privateinfo。',
    agent: 'agentid 缺失或不是本应用。',
    state: 'state 只能是字母和数字，最长 128 字节。',
    loginType: 'login_type 必须是 CorpApp。',
    outOfRange: '该成员不在应用的可见范围内。',
    unknownMember: '没有这个成员，或该成员已停用、已离职。',
  },
  qrTitle: '企业微信扫码登录',
  qrHint: '选择一位成员，相当于用这位成员的企业微信扫码并确认。',
  qrEmpty: '应用的可见范围内还没有已激活的成员。',
  errcode: '错误码',
}
