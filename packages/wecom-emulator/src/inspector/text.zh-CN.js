/** Words of the inspector that are not in its HTML. */
export const text = {
  facts: {
    corp: '企业',
    agent: '应用',
    now: '当前时间',
    token: 'access_token 到期',
    noToken: '尚未签发',
    members: '成员',
    customers: '客户',
    relations: '客户关系',
    tags: '企业标签',
    chats: '客户群',
    pending: '待投递回调',
  },
  columns: {
    faults: ['路径', '故障', '剩余次数', '比例', '已触发', '操作'],
    guides: ['成员', 'userid', '部门', '状态', '客户联系', '可见', '客户数'],
    customers: ['客户', 'external_userid', '谁在服务（备注 · 标签 · 来源）'],
    calls: ['时间', '方法', '路径', 'errcode', 'HTTP', '耗时'],
    deliveries: ['时间', '事件', '状态', '投递'],
    messages: ['时间', '收件人', '类型', '内容'],
    media: ['文件', '类型', '大小', '存在时间', 'media_id'],
  },
  empty: '暂无数据',
  yes: '是',
  no: '否',
  memberStatus: { 1: '已激活', 2: '已禁用', 4: '未激活', 5: '已退出' },
  relationStatus: { both: '', half: '单向（未互加）', customerDeleted: '客户已删除导购' },
  deliveryState: {
    waiting: '投递中',
    delivered: '已送达',
    failed: '已放弃',
    dropped: '已丢弃',
    notConfigured: '未配置回调地址',
  },
  tags: '标签：',
  channel: '渠道：',
  expired: '已过期',
  hours: (hours) => `${hours} 小时`,
  anyGuide: '全部导购',
  noAnswer: '连接断开',
  faults: {
    outage: '企业微信不可用（500）',
    latency: '延迟 2 秒',
    frequency: '下一次调用返回 45009',
    expire: '令牌过期（42001）',
    revoke: '令牌作废（40014）',
    clear: '取消全部故障',
  },
  faultState: (settings, waiting) =>
    settings.outage === 'none' && settings.latencyMs === 0 && waiting === 0
      ? '当前没有故障。'
      : [
          settings.outage === 'none' ? '' : '企业微信不可用',
          settings.latencyMs === 0 ? '' : `每次调用延迟 ${settings.latencyMs} 毫秒`,
          waiting === 0 ? '' : `${waiting} 个故障生效中`,
        ]
          .filter(Boolean)
          .join('，'),
  untilCleared: '直到取消',
  clearFault: '取消',
  clearFaultOf: (path) => `取消 ${path} 的故障`,
  faultKind: (fault) => {
    const { errcode, httpFault, latencyMs, tokens, quota, concurrent, dateOffsetSec, listLagMs, eventLagMs } = fault
    if (errcode !== undefined) return `errcode ${errcode}${fault.afterWork ? '（操作已生效）' : ''}`
    if (httpFault) return `HTTP：${httpFault}`
    if (latencyMs !== undefined) return `延迟 ${[latencyMs].flat().join('～')} 毫秒`
    if (tokens) return tokens === 'expire' ? '令牌过期（42001）' : '令牌作废（40014）'
    if (quota) return `配额 每分钟 ${quota.perMinute ?? '不限'}，每小时 ${quota.perHour ?? '不限'}（45009）`
    if (concurrent !== undefined) return `并发上限 ${concurrent}（45033）`
    if (dateOffsetSec !== undefined) return `Date 头偏差 ${dateOffsetSec} 秒`
    if (listLagMs !== undefined) return `列表滞后 ${listLagMs} 毫秒`
    return `事件滞后 ${eventLagMs} 毫秒`
  },
  actions: {
    addCustomer: { label: '客户扫码添加导购', text: '客户昵称' },
    addHalf: { label: '客户单向添加导购', text: '客户昵称' },
    editRemark: { label: '导购修改备注', text: '新备注', customer: true },
    guideDeletesCustomer: { label: '导购删除客户', customer: true },
    customerDeletesGuide: { label: '客户删除导购', customer: true },
    deleteMember: { label: '成员离职' },
  },
  done: (label) => `已执行：${label}`,
  added: (label, id) => `已执行：${label}，客户 ${id}`,
  callbackOk: '回调地址检查通过',
  callbackBad: (reason) => `回调地址检查未通过：${reason}`,
  failed: (reason) => `没有执行：${reason}`,
  /** What the control API says most often, in the reader's language. */
  reasons: [
    [/^no callback URL is set/, '还没有设置回调地址'],
    [/^no member (.*)/, '没有成员 $1'],
    [/^no customer (.*)/, '没有客户 $1'],
    [/^(\S+) does not follow (\S+)/, '$1 没有添加客户 $2'],
  ],
  lost: '无法连接模拟器，请确认它还在运行',
}
