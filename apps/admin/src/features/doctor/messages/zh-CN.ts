export const zhCN = {
  title: '接入检查',
  lead: '从服务器到企业微信逐项检查：哪里不对、为什么、怎么改。',
  again: '重新检查',
  copy: '复制报告',
  setUp: '打开设置向导',
  where: '去哪里改 / 了解更多',
  asOf: '检查于 {time}',
  status: { ok: '正常', warn: '注意', fail: '有问题', skip: '没有检查' },
  groups: { wrong: '需要处理（{count}）', unseen: '暂时无法检查（{count}）', fine: '正常（{count}）' },
}
