export const zhCN = {
  start: '立即同步',
  phases: {
    idle: '还没有同步过',
    directory: '正在读取通讯录',
    followers: '正在读取导购名单',
    relations: '正在读取客户关系',
    tags: '正在读取企业标签',
    done: '同步完成',
    failed: '同步没有完成',
  },
  of: '{done} / {total}',
  count: '{done} 条',
  rate: '每秒 {rate} 条',
  eta: '预计还需 {seconds} 秒',
  finishedAt: '完成于 {time}',
  failedNext: '系统会自动重试；也可以点“立即同步”。原因：{reason}',
}
