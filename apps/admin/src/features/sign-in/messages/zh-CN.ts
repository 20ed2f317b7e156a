export const zhCN = {
  title: '登录管理后台',
  lead: '请用企业微信扫码登录。只有被授权的管理员可以进入。',
  action: '企业微信登录',
  ended: '登录已过期，请重新登录。',
}
